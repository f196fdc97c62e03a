"""Running tools: their output into a log, their end with ours."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from roadworthy.local.errors import LocalError
from roadworthy.local.reaper import Reaper

_TAIL_LINES = 30
_LONGEST_REASON = 600  # characters
_EVENT_COLUMNS = 6  # of a CloudFormation event as the CDK CLI prints it


class Commands:
    """Starts tools and, on `kill` or with this process, ends each that still runs, with all that it has started."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._reaper: Reaper | None = None

    def run(self, argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], log: Path, what: str) -> str:
        """Run a tool to its end and return its output.

        Args:
            argv: the command.
            cwd: the folder that it runs in.
            env: its environment.
            log: its output is appended here.
            what: what it does, for the error.

        Raises:
            LocalError: it could not start or ended with another code than 0.
        """
        try:
            done, output = self._communicate(argv, cwd, env)
        except OSError as error:
            raise LocalError(f"{what} failed: {argv[0]} cannot be started: {error.strerror}") from None
        with log.open("a", encoding="utf-8") as file:
            file.write(output)
        if done.returncode:
            tail = "\n".join(output.splitlines()[-_TAIL_LINES:])
            raise LocalError(f"{what} failed: {_reason(output)} (log: {log})", detail=tail)
        return output

    def _communicate(
        self, argv: Sequence[str | Path], cwd: Path, env: Mapping[str, str]
    ) -> tuple[subprocess.Popen[bytes], str]:
        with self._lock:
            if self._closed:
                raise LocalError("stopped")
            process = subprocess.Popen(
                [str(word) for word in argv],
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running.add(process)
            self._reaper = self._reaper or Reaper()
            self._reaper.watch(process.pid)
        try:
            output, _ = process.communicate()
        except BaseException:
            _kill(process)
            raise
        finally:
            with self._lock:
                self._running.discard(process)
                self._reaper.forget(process.pid)
        return process, output.decode(errors="replace")

    def kill(self) -> None:
        """End what runs, and start nothing more."""
        with self._lock:
            self._closed = True
            for process in self._running:
                _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _reason(output: str) -> str:
    """The line that says why, as far as one can be told: the CDK CLI's own verdict, or the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marks = ("CREATE_FAILED", "UPDATE_FAILED", "❌", "Error:", "error:")
    found = next((line for mark in marks for line in lines if mark in line), lines[-1] if lines else "no output")
    columns = [column.strip() for column in found.split(" | ")]
    if len(columns) == _EVENT_COLUMNS:  # stack, count, time, status, type, path and reason
        found = f"{columns[0]}: {columns[4]} {columns[5]}"
    return found[:_LONGEST_REASON]

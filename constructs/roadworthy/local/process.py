"""The emulator's process as its driver sees it: start, find, stop, and never two in one state folder."""

import contextlib
import dataclasses
import fcntl
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import IO, Self

from roadworthy.local import isolation
from roadworthy.local.emulator import DETACH
from roadworthy.local.errors import LocalError
from roadworthy.local.names import base_url

DEFAULT_PORT = 4566
_START_SECONDS, _STOP_SECONDS = 90.0, 12.0
_HIGHEST_PORT = 65_535
_LOWEST_PORT = 1024  # below it needs privileges, and tasks' addresses would meet 127.0.0.1


@dataclasses.dataclass(frozen=True)
class Running:
    """What is known of a running emulator, as `session.json` keeps it.

    Attributes:
        pid: its process, which leads its process group.
        port: its loopback port.
        region: the region of what is deployed.
    """

    pid: int
    port: int
    region: str


class Emulator:
    """The emulator of one state folder.

    The process itself, and the reaper that ends after it, hold the lock on the folder's `lock` file: the kernel
    releases it with them, however they end, so a stale file never claims that something runs.
    """

    def __init__(self, state: Path, running: Running, leash: IO[bytes] | None) -> None:
        self.state = state
        self.running = running
        self._leash = leash

    @classmethod
    def start(cls, state: Path, *, port: int | None, region: str, lambda_python: Path) -> Self:
        """Start it, and wait until it answers. It ends with this process unless it is detached.

        Args:
            state: a folder of its own; made when it is missing.
            port: 0: any free port; None: 4566, or any free one when that is taken.
            region: the region of unsigned calls.
            lambda_python: what Python Lambdas run in.

        Raises:
            LocalError: one runs there already, the port is taken, or it did not come up.
        """
        if importlib.util.find_spec("ministack") is None:
            raise LocalError("the embedded AWS is not installed: pip install 'roadworthy[cdk,aws,local]'")
        lock = _locked(state)
        if lock is None:
            raise LocalError(f"a local AWS runs already in {state}: stop it with `roadworthy local down`")
        with lock:
            chosen = _choose_port(port)
            _tidy(state)
            process = _spawn(state, lock, port=chosen, region=region, lambda_python=lambda_python)
        emulator = cls(state, Running(process.pid, chosen, region), process.stdin)
        try:
            emulator._wait_until_up(process)
            _session(state).write_text(json.dumps(dataclasses.asdict(emulator.running)), encoding="utf-8")
        except BaseException:
            emulator.stop()
            raise
        return emulator

    @classmethod
    def find(cls, state: Path) -> Self | None:
        """The emulator that runs in this state folder; None when none does."""
        lock = _locked(state) if state.exists() else None
        if not state.exists() or lock is not None:
            if lock:
                lock.close()
            return None
        running = _recorded(state)
        if running is None:
            raise LocalError(
                f"a local AWS runs in {state}, but session.json does not say which process it is: it is just starting "
                f"or stopping; else end `roadworthy.local.emulator` by hand (pgrep -f {state})"
            )
        return cls(state, running, None)

    @property
    def log(self) -> Path:
        """What it writes."""
        return self.state / "aws.log"

    def detach(self) -> None:
        """Let it outlive this process."""
        if self._leash:
            self._leash.write(DETACH)
            self._leash.close()
            self._leash = None

    def stop(self) -> None:
        """Stop it with all of its processes, and remove its temporary files; what is stopped already is left alone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.running.pid, signal.SIGTERM)
        if not _gone(self.state, _STOP_SECONDS):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            if not _gone(self.state, _STOP_SECONDS):
                raise LocalError(f"the local AWS in {self.state} does not end: see pgrep -f {self.state}")
        if self._leash:
            with contextlib.suppress(OSError):
                self._leash.close()
            self._leash = None
        _tidy(self.state)

    def _wait_until_up(self, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + _START_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < end:
            if process.poll() is not None:
                raise LocalError(f"the embedded AWS ended at its start (log: {self.log})", detail=tail(self.log))
            with (
                contextlib.suppress(OSError),
                opener.open(f"{base_url(self.running.port)}/_ministack/health", timeout=2),
            ):
                return
            time.sleep(0.05)
        raise LocalError(f"the embedded AWS did not come up in {_START_SECONDS:.0f} s", detail=tail(self.log))


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log; empty when there is none."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _session(state: Path) -> Path:
    return state / "session.json"


def _recorded(state: Path) -> Running | None:
    """What session.json says, if it can be true: a damaged file must not get a stranger's process killed."""
    try:
        running = Running(**json.loads(_session(state).read_text(encoding="utf-8")))
        port_is_right = _LOWEST_PORT <= running.port <= _HIGHEST_PORT
        if running.pid > 1 and port_is_right and isinstance(running.region, str) and _is_emulator(running.pid, state):
            return running
    except (OSError, ValueError, TypeError):
        pass
    return None


def _is_emulator(pid: int, state: Path) -> bool:
    """Whether a process is the emulator of this folder; without /proc (macOS) it is taken on trust."""
    if not Path("/proc/self/cmdline").exists():
        return True
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return "roadworthy.local.emulator" in words and str(state / "tmp") in words


def _locked(state: Path) -> IO[bytes] | None:
    """The lock on the state folder; None when an emulator holds it."""
    state.mkdir(parents=True, exist_ok=True)
    file = (state / "lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _gone(state: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        lock = _locked(state)
        if lock:
            lock.close()
            return True
        time.sleep(0.05)
    return False


def _choose_port(port: int | None) -> int:
    wanted = DEFAULT_PORT if port is None else port
    if wanted and not _LOWEST_PORT <= wanted <= _HIGHEST_PORT:
        raise LocalError(f"port {wanted} is not in {_LOWEST_PORT}..{_HIGHEST_PORT}: choose another with --port")
    if wanted and _is_free(wanted):
        return wanted
    if port:
        raise LocalError(f"port {port} is taken by another program: choose another with --port, or 0 for any free one")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _tidy(state: Path) -> None:
    shutil.rmtree(state / "tmp", ignore_errors=True)
    _session(state).unlink(missing_ok=True)


def _spawn(state: Path, lock: IO[bytes], *, port: int, region: str, lambda_python: Path) -> "subprocess.Popen[bytes]":
    temporary = state / "tmp"
    temporary.mkdir()
    settings = isolation.aws(temporary, port=port, region=region)
    needed = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED")
    environment = {**isolation.clean(), **{name: settings[name] for name in needed}, "HOME": str(temporary)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-m", "roadworthy.local.emulator", "--port", str(port), "--region", region]
    command += ["--lambda-python", str(lambda_python), "--tmp", str(temporary)]
    command += ["--lock", str(lock.fileno()), "--stop-with-stdin"]
    with (state / "aws.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=temporary, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log,
            start_new_session=True, pass_fds=(lock.fileno(),),
        )  # fmt: skip

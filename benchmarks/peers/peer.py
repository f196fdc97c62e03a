"""What the benchmarks know of a tool: its command, and how to read what it prints."""

import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.environment import BENCH, environment

Findings = dict[Path, set[str]]  # file -> what was said of it: "RULE LogicalId"


class PeerError(RuntimeError):
    """A tool gave no report."""


class Peer(NamedTuple):
    """A tool.

    Attributes:
        name: as its authors write it, with its version.
        module: of its locked requirements (`<module>.txt`); "" for a program of the machine.
        program: what is run, in the environment's `bin`.
        arguments: files -> the arguments that check them.
        read: what it prints -> findings by file.
        note: what the reader of the table must know.
        scans_a_folder: it takes a folder, never files.
    """

    name: str
    module: str
    program: str
    arguments: Callable[[Sequence[Path]], list[str]]
    read: Callable[[str], Findings]
    note: str = ""
    scans_a_folder: bool = False

    def executable(self) -> Path:
        """Where its program is."""
        return BENCH / "peers" / self.module / "bin" / self.program if self.module else Path(self.program)

    def command(self, files: Sequence[Path]) -> list[str]:
        """The whole command that checks some files."""
        return [str(self.executable()), *self.arguments(files)]

    def install(self) -> None:
        """Make its environment, if it is not there."""
        if self.module:
            environment(self.module)

    def check(self, files: Sequence[Path], processes: int = 2) -> Findings:
        """What it says of each file, in as few processes as there are cores; clean files may be missing.

        Raises:
            PeerError: it printed no report.
        """
        processes = 1 if self.scans_a_folder else processes
        shares = [share for share in (files[number::processes] for number in range(processes)) if share]
        with ThreadPoolExecutor(len(shares) or 1) as pool:
            answers = list(pool.map(self._check, shares))
        return {file: found for answer in answers for file, found in answer.items()}

    def _check(self, files: Sequence[Path]) -> Findings:
        done = subprocess.run(self.command(files), capture_output=True, text=True, check=False, env=quiet())
        try:
            return self.read(done.stdout)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = (done.stderr.strip() or done.stdout.strip())[-500:]
            raise PeerError(f"{self.name} ended with {done.returncode} and no report ({error!r}): {said}") from error


def quiet() -> dict[str, str]:
    """The environment of every run: no proxies of Python's settings, nothing asked of the network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_"))}
    return kept | {"AWS_EC2_METADATA_DISABLED": "true", "NO_COLOR": "1"}

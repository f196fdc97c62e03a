"""CPU time and peak memory of a whole process, with all that it starts."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.peer import quiet

_LAUNCHER = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py"))]


class Cost(NamedTuple):
    """What one run took.

    Attributes:
        cpu: seconds of user and system time, of the process and of the children that it waited for.
        memory: MiB of the largest of them at its peak.
    """

    cpu: float
    memory: float


def measure(command: Sequence[str], limit: float) -> Cost | None:
    """Run a command; None if it was killed, after `limit` seconds or by the machine."""
    launcher = [*_LAUNCHER, str(round(limit)), *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True, env=quiet())
    if done.stdout.strip() == "killed":
        return None
    cpu, kib = done.stdout.split()
    return Cost(float(cpu), int(kib) / 1024)

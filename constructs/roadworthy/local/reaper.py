"""The last to leave: when its owner is gone, for whatever reason, the owner's processes and temporary files go too.

A SIGKILL gives the emulator no chance to stop its tasks, nor the driver to stop its tools. So each starts this small
process first, which holds the read end of a pipe whose write end only its owner holds. The kernel closes that end when
the owner dies, however it dies; this process then kills every process group that is still registered and removes the
temporary folder.
It works on every Unix, unlike Linux's PR_SET_PDEATHSIG, which also fires when the thread that forked ends.

Standard library only, and started with `python -S -E`: it must be up before anything else is.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO


class Reaper:
    """The owner's hand on the reaper process."""

    def __init__(self, folder: Path | None = None, *, held: Sequence[int] = ()) -> None:
        """Start it; `folder` is removed at the end, and the file descriptors `held` stay open until then."""
        reading, self._writing = os.pipe()
        # Its own session: neither Ctrl-C nor the end of the emulator's process group may take it along.
        subprocess.Popen(
            [sys.executable, "-S", "-E", __file__, *([str(folder)] if folder else [])],
            stdin=reading,
            pass_fds=held,
            start_new_session=True,
        )
        os.close(reading)

    def watch(self, group: int) -> None:
        """Kill the process group `group` when the owner is gone."""
        os.write(self._writing, f"+{group}\n".encode())

    def forget(self, group: int) -> None:
        """The process group `group` has ended; its number may be taken by another."""
        os.write(self._writing, f"-{group}\n".encode())


def reap(orders: IO[str], folder: Path | None) -> None:
    """Follow `orders` (`+group` and `-group` lines) to their end, then kill what is left and remove `folder`."""
    groups: set[int] = set()
    for order in orders:
        (groups.add if order[0] == "+" else groups.discard)(int(order[1:]))
    for group in groups:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    reap(sys.stdin, Path(sys.argv[1]) if sys.argv[1:] else None)

"""Starts one command and prints what it took: `launcher.py LIMIT PROGRAM ARGUMENT...` -> "CPU_SECONDS KIB" or "killed".

A process of its own, because Linux counts the memory of the process that starts another as the other's first: this
one is small. It imports nothing that it does not need.
"""

import os
import signal
import sys


def main(limit: int, command: list[str]) -> None:
    """Run the command, at most `limit` seconds."""
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=nowhere)

    def end(*_: object) -> None:
        os.kill(process, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.alarm(limit)
    _, status, usage = os.wait4(process, 0)
    kib = usage.ru_maxrss if sys.platform != "darwin" else usage.ru_maxrss // 1024
    print("killed" if os.WIFSIGNALED(status) else f"{usage.ru_utime + usage.ru_stime} {kib}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

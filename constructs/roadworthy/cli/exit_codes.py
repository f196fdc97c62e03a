"""What the exit code of `roadworthy` says."""

import enum


class ExitCode(enum.IntEnum):
    """The exit codes of every verb."""

    OK = 0  # done; for `check`: nothing at the fail level
    FINDINGS = 1  # for `check`: findings at the fail level; for other verbs: it failed, and the last line says why
    USAGE = 2  # unreadable input or wrong use; argparse's own code for wrong arguments
    INTERRUPTED = 130  # Ctrl-C: 128 + SIGINT, as shells have it

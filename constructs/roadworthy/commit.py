"""The commit from which an image is built, for its tag."""

import subprocess
from pathlib import Path

from roadworthy.errors import RoadworthyError

_DIGITS = 12


class UnknownCommitError(RoadworthyError):
    """No commit is known: not a git checkout, or git is not installed."""


def last_commit(path: Path) -> str:
    """The last commit that changed anything below `path`, in 12 hex digits.

    So an image's tag changes when its own sources do, and a commit elsewhere replaces no task.

    Raises:
        UnknownCommitError: git does not know one.
    """
    command = ["git", "-C", str(path), "log", "-1", f"--abbrev={_DIGITS}", "--format=%h", "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        raise UnknownCommitError(f"git cannot be started, so the commit of {path} is not known") from None
    if done.returncode or not done.stdout.strip():
        raise UnknownCommitError(f"{path} is not in a git checkout with a commit, so its commit is not known")
    return done.stdout.strip()

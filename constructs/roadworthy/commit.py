"""The commit from which an image is built, for its tag."""

import os
import subprocess
from pathlib import Path

from roadworthy.errors import RoadworthyError

_DIGITS = 12
_CURE = "name the image with -c image_tag=TAG"


class UnknownCommitError(RoadworthyError):
    """No commit is known: not a git checkout, or git is not installed."""


def last_commit(path: Path) -> str:
    """The last commit that changed anything below `path`, in 12 hex digits.

    So an image's tag changes when its own sources do, and a commit elsewhere replaces no task.

    A shallow clone does not hold that commit; git then names the oldest one that it has. The image gate of a stack
    refuses a tag that was never pushed, so build and deploy from the same clone, or name the image.

    Raises:
        UnknownCommitError: git does not know one.
    """
    commit = _git(path, "log", "-1", f"--abbrev={_DIGITS}", "--format=%h", "--", ".")
    if not commit:
        raise UnknownCommitError(f"{path} is in no commit, so its commit is not known: {_CURE}")
    return commit


def _git(path: Path, *arguments: str) -> str:
    # GIT_DIR and its like, as hooks have them, would point to another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(path), *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError:
        raise UnknownCommitError(f"git cannot be started, so the commit of {path} is not known: {_CURE}") from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["git failed"])[-1]
        raise UnknownCommitError(f"the commit of {path} is not known ({reason}): {_CURE}")
    return done.stdout.strip()

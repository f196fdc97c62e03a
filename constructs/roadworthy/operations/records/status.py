"""The statuses of a recorded deployment, and the moves between them."""

import enum

from roadworthy.errors import RoadworthyError


class InvalidMoveError(RoadworthyError, ValueError):
    """A status that a deployment cannot have after the one it has."""


class Status(enum.Enum):
    """How far a deployment is; the value is how it is written."""

    PENDING = "pending"
    CLONING = "cloning"
    BUILDING = "building"
    DEPLOYING = "deploying"
    RESTARTING = "restarting"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ROLLED_BACK = "rolled back"

    @property
    def final(self) -> bool:
        """Whether nothing comes after it."""
        return self not in _MOVES

    def move_to(self, following: "Status") -> "Status":
        """The following status.

        Raises:
            InvalidMoveError: a deployment does not go from here to there.
        """
        if following not in _MOVES.get(self, ()):
            raise InvalidMoveError(f"a deployment that is {self.value} cannot become {following.value}")
        return following


_ENDS = (Status.FAILED, Status.CANCELLED)
_ROLLED_OUT = (Status.SUCCESS, Status.ROLLED_BACK, *_ENDS)
_MOVES = {
    Status.PENDING: (Status.CLONING, Status.BUILDING, Status.DEPLOYING, Status.RESTARTING, *_ENDS),
    Status.CLONING: (Status.BUILDING, *_ENDS),
    Status.BUILDING: (Status.DEPLOYING, *_ENDS),
    Status.DEPLOYING: _ROLLED_OUT,
    Status.RESTARTING: _ROLLED_OUT,
}

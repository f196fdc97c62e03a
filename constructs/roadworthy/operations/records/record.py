"""A recorded deployment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roadworthy.operations.records.status import Status

FULL, RESTART_ONLY, ROLLBACK = "full", "restart_only", "rollback"  # the types of deployments


@dataclass(frozen=True)
class Target:
    """One service of a deployment.

    Attributes:
        service: its name in services.toml, or in ECS.
        name: its name in ECS.
        cluster: its cluster's name.
        outcome: how it ended: "succeeded", "rolled back" ...; empty while it goes on.
        why: in one line.
        deployment: the ARN of the service deployment.
        task_definition: what was rolled out, "api-stage:12".
    """

    service: str
    name: str
    cluster: str
    outcome: str = ""
    why: str = ""
    deployment: str = ""
    task_definition: str = ""


@dataclass(frozen=True)
class Move:
    """A status, and since when, in milliseconds since the epoch."""

    status: Status
    at: int


@dataclass(frozen=True)
class LogLine:
    """A line of a deployment's log: when (milliseconds since the epoch), "info", "warning" or "error", and the text."""

    at: int
    level: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """A deployment.

    Attributes:
        id: sortable by time, "20261122-093412-7f3a".
        project: of services.toml; empty where there is none.
        environment: of services.toml, else the cluster's name.
        type: "full", "restart_only" or "rollback".
        who: the ARN of the caller.
        groups: the services that go on at the same time, group after group.
        moves: every status that it had, the last one is its present.
        image: what was deployed; empty for a restart.
        branch, commit, message: of the sources, where they are known.
        rollback_of: the ARN of the service deployment that was rolled back.
        error: why it failed, in one line.
        version: raised by every write, so that two writers notice each other.
    """

    id: str
    project: str
    environment: str
    type: str
    who: str
    groups: tuple[tuple[Target, ...], ...]
    moves: tuple[Move, ...]
    image: str = ""
    branch: str = ""
    commit: str = ""
    message: str = ""
    rollback_of: str = ""
    error: str = ""
    version: int = 1
    log: tuple[LogLine, ...] = field(default=(), compare=False)

    @property
    def status(self) -> Status:
        """The present one."""
        return self.moves[-1].status

    @property
    def created(self) -> int:
        """When, in milliseconds since the epoch."""
        return self.moves[0].at

    @property
    def targets(self) -> tuple[Target, ...]:
        """The services of all groups."""
        return tuple(target for group in self.groups for target in group)

    def as_json(self) -> dict[str, Any]:
        """Everything as plain JSON; also how it is kept."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "status": self.status.value,
            "created_at": self.created,
            "groups": [[vars(target) for target in group] for group in self.groups],
            "moves": [{"status": move.status.value, "at": move.at} for move in self.moves],
        }

    @classmethod
    def parse(cls, raw: Mapping[str, Any], log: Sequence[LogLine] = ()) -> "Record":
        """Read what `as_json` wrote; names that are not known are left alone: a newer release wrote them.

        Raises:
            KeyError, TypeError, ValueError: something else wrote it.
        """
        groups = tuple(tuple(Target(**_known(each)) for each in group) for group in raw["groups"])
        moves = tuple(Move(Status(each["status"]), int(each["at"])) for each in raw["moves"])
        plain = {name: raw[name] for name in _PLAIN if name in raw}
        return cls(**{**plain, "version": int(raw["version"])}, groups=groups, moves=moves, log=tuple(log))


_PLAIN = (
    "id", "project", "environment", "type", "who",
    "image", "branch", "commit", "message", "rollback_of", "error", "version",
)  # fmt: skip


def _known(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name in Target.__dataclass_fields__}

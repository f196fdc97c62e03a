"""How long both versions may run together, and how long a whole deployment may take: the sums are done at synthesis.

Each part counts with the longest that it may take. What ECS needs from one stage to the next is an estimate, which
nobody has measured for us on a real account; `roadworthy rollout` prints what it really was.
"""

import dataclasses
from collections.abc import Iterator, Sequence

from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.part import Wait
from roadworthy.patterns.blue_green.shift import Shift
from roadworthy.patterns.blue_green.stages import LifecycleStage
from roadworthy.patterns.blue_green.times import in_seconds
from roadworthy.patterns.health_timing import HealthTiming
from roadworthy.patterns.values import is_token

# ECS waits so long after each shift of a Network Load Balancer's traffic, until its data plane has followed:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
NETWORK_SHIFT = 600
_CHANGE = 5  # seconds from one stage to the next: the estimate
_CHANGES, _CHANGES_PER_STEP = 9, 2  # from the start of green to the end of blue; and in each further step


@dataclasses.dataclass(frozen=True)
class Item:
    """One line of a sum: what, and for how many seconds."""

    what: str
    seconds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Times:
    """What a deployment's times are made of.

    Attributes:
        front: the load balancer.
        shift: how traffic goes over.
        bake: seconds that blue stays beside green in the end; None where a token hides them.
        waits: what is waited for.
        has_test: whether there is a test listener.
    """

    front: Front
    shift: Shift
    bake: int | None
    waits: Sequence[Wait]
    has_test: bool

    def together(self) -> list[Item] | None:
        """What both versions may run together for; None where a token hides a part of it."""
        healthy, drain = _until_healthy(self.front.check), in_seconds(self.front.drain)
        steps, holds, bake = self.shift.steps, self.shift.holds, self.bake
        if healthy is None or drain is None or steps is None or holds is None or bake is None:
            return None
        changes = _CHANGE * (_CHANGES + _CHANGES_PER_STEP * (steps - 1))
        items = [
            Item("green becomes healthy", healthy),
            *self._waited(steps, together=True),
            *self._network(steps),
            Item("holds between steps", holds),
            Item("bake", bake),
            Item("blue is drained and stops", 2 * drain),
            Item("ECS between its stages, estimated", changes),
        ]
        return [item for item in items if item.seconds]

    def whole(self) -> list[Item] | None:
        """What a deployment may take in all, but for approvals, whose time the deadline gives on top."""
        unattended = dataclasses.replace(self, waits=[wait for wait in self.waits if not wait.is_approval])
        together = unattended.together()
        return None if together is None else [*unattended._waited(1, together=False), *together]

    def _waited(self, steps: int, *, together: bool) -> Iterator[Item]:
        """All hooks of a stage are asked at the same time: the longest counts."""
        for stage in LifecycleStage:
            waits = [wait for wait in self.waits if wait.stage is stage]
            if waits and stage.both_run is together:
                longest = max(waits, key=lambda wait: wait.seconds)
                yield Item(longest.what, longest.seconds * (steps if stage.is_per_step else 1))

    def _network(self, steps: int) -> Iterator[Item]:
        if self.front.is_network:
            yield Item("the network load balancer follows", NETWORK_SHIFT * (steps + self.has_test))


def total(items: Sequence[Item]) -> int:
    """The sum, in seconds."""
    return sum(item.seconds for item in items)


def written(items: Sequence[Item]) -> str:
    """The sum as a message has it."""
    return f"{' + '.join(f'{item.seconds} s {item.what}' for item in items)} = {total(items)} s"


def _until_healthy(check: HealthTiming) -> int | None:
    parts = (check.start_seconds, check.interval_seconds, check.healthy_threshold)
    return None if any(map(is_token, parts)) else parts[0] + parts[1] * parts[2]

"""`restart`: a new deployment of the task definition that runs already; its revision stays what it is."""

from collections.abc import Sequence
from functools import partial

from roadworthy.operations.busy import Way
from roadworthy.operations.clock import Clock
from roadworthy.operations.follow.drive import Start
from roadworthy.operations.follow.start import Started, start
from roadworthy.operations.place import Target


def restarts(targets: Sequence[Target], way: Way, clock: Clock) -> list[Start]:
    """A restart of each service, to be driven."""
    return [Start(target, partial(_restart, target, way, clock)) for target in targets]


def _restart(target: Target, way: Way, clock: Clock) -> Started:
    _, known = way.clear(target)
    return start(target, known, clock, forceNewDeployment=True)

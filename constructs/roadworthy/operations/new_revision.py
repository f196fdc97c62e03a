"""Deploying a revision that has yet to be registered: where that fails, nothing of it is left behind."""

from collections.abc import Callable, Collection

from roadworthy.operations.clock import Clock
from roadworthy.operations.errors import OperationError, UnreachableError
from roadworthy.operations.follow.start import Started, start
from roadworthy.operations.place import Target
from roadworthy.operations.task_definitions import Definition, deregister, register


def start_new_revision(
    target: Target, definition: Definition, known: Collection[str], clock: Clock, go_on: Callable[[], None]
) -> Started:
    """Register a definition and deploy it.

    Args:
        target: the service.
        definition: as RegisterTaskDefinition takes it, and what AWS adds to it.
        known: the ARNs of service deployments that are not ours.
        clock: tells the time.
        go_on: is asked between the two; raises OperationError where the user does not want the second.

    Raises:
        OperationError: AWS refuses, or cannot be asked; the revision is deregistered, unless it may be in use.
    """
    arn = register(target.cluster.aws, definition)
    try:
        go_on()
        return start(target, known, clock, taskDefinition=arn)
    except UnreachableError:
        raise  # ECS may have taken it
    except OperationError as error:
        _take_back(target, arn, error)
        raise


def _take_back(target: Target, arn: str, error: OperationError) -> None:
    try:
        deregister(target.cluster.aws, arn)
    except OperationError as why:
        left = f"{error}; revision {arn.rpartition('/')[2]} stays registered: {why}"
        error.args = (left,)

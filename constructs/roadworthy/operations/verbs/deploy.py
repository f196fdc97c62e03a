"""`deploy`: a new revision of the task definition, in which only the image is another one, rolled out."""

from collections.abc import Callable
from dataclasses import dataclass

from roadworthy.operations.busy import Way, refuse_other_controllers
from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.follow.drive import Start
from roadworthy.operations.follow.start import Started, start
from roadworthy.operations.image_reference import resolved
from roadworthy.operations.new_revision import start_new_revision
from roadworthy.operations.place import Target
from roadworthy.operations.task_definitions import Definition, container_of, describe, with_image


@dataclass(frozen=True)
class Plan:
    """What a deployment will do.

    Attributes:
        target: the service.
        service: as it is now.
        present: its task definition.
        container: whose image is deployed.
        before: the image that runs.
        after: the image that will run.
        definition: the revision to register.
    """

    target: Target
    service: Service
    present: Definition
    container: str
    before: str
    after: str
    definition: Definition

    @property
    def changes(self) -> bool:
        """Whether the image is another one: else what runs is started anew, and no revision is registered."""
        return self.before != self.after


def plan(target: Target, image: str, container: str | None = None) -> Plan:
    """What deploying the image means; nothing is changed.

    Raises:
        ImageReferenceError: the image is malformed, or not pinned.
        OperationError: the service or the container cannot be found, or AWS cannot be asked.
    """
    service = target.cluster.service(target.name)
    refuse_other_controllers(service)
    present = describe(target.cluster.aws, service.task_definition)
    chosen = container_of(present, target, container)
    after = resolved(image, chosen.get("image", ""))
    definition = with_image(present, chosen["name"], after)
    return Plan(target, service, present, chosen["name"], chosen.get("image", ""), after, definition)


def deployment(planned: Plan, way: Way, clock: Clock, go_on: Callable[[], None]) -> Start:
    """The deployment of a plan, to be driven.

    Args:
        planned: the plan.
        way: clears the way.
        clock: tells the time.
        go_on: is asked between the steps; raises OperationError where the user does not want the next one.
    """

    def begin() -> Started:
        target = planned.target
        service, known = way.clear(target)
        go_on()
        present = planned if service.task_definition == planned.service.task_definition else _again(planned)
        if not present.changes:
            return start(target, known, clock, forceNewDeployment=True)
        return start_new_revision(target, present.definition, known, clock, go_on)

    return Start(planned.target, begin)


def _again(planned: Plan) -> Plan:
    """The plan as of now: what somebody else deployed meanwhile stays, but for the image."""
    return plan(planned.target, planned.after, planned.container)

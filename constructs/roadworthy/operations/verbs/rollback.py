"""`rollback`: stop the deployment that goes on, or go back to what ran well before it."""

from dataclasses import dataclass
from functools import partial

from roadworthy.operations.busy import refuse_other_controllers
from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.ecs.service_deployment import FORWARD, LIVE, ServiceDeployment
from roadworthy.operations.errors import BusyError, NotFoundError, OperationError
from roadworthy.operations.follow.drive import Start
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.follow.start import Started, found, start
from roadworthy.operations.new_revision import start_new_revision
from roadworthy.operations.place import Target
from roadworthy.operations.task_definitions import Definition, describe

ACTIVE = "ACTIVE"  # a task definition that can be deployed
FEW = 20  # deployments that are looked at, newest first


@dataclass(frozen=True)
class Back:
    """What a rollback will do.

    Attributes:
        target: the service.
        service: as it is now.
        live: the deployment to stop; None: it has ended.
        task_definition: the ARN of what to go back to; None where a deployment is stopped, which ECS does itself.
        definition: what has to be registered anew, because AWS deploys no revision that was deregistered, as
            CloudFormation does with the old one; None: nothing.
    """

    target: Target
    service: Service
    live: ServiceDeployment | None
    task_definition: str | None
    definition: Definition | None = None


def plan(target: Target) -> Back:
    """What rolling the service back means; nothing is changed.

    Raises:
        NotFoundError: there is nothing to go back to.
        OperationError: AWS cannot be asked.
    """
    service = target.cluster.service(target.name)
    refuse_other_controllers(service)
    live = target.cluster.deployments_of(target.name, *LIVE)
    if live:
        return Back(target, service, live[0], None)
    succeeded = target.cluster.deployments_of(target.name, "SUCCESSFUL")[:FEW]
    earlier = _task_definitions(target, succeeded)
    before = next((arn for arn in earlier if arn != service.task_definition), None)
    if before is None:
        raise NotFoundError(
            f"{target.words}: no other task definition was deployed with success in the last 90 days: "
            f"deploy one with `roadworthy deploy {target.words} --image TAG`"
        )
    return Back(target, service, None, before, _deregistered(target, before))


def rollback(back: Back, clock: Clock) -> Start:
    """The rollback of a plan, to be driven."""
    if back.live:
        return Start(back.target, partial(_stop, back, clock), wanted=Outcome.ROLLED_BACK)
    return Start(back.target, partial(_go_back, back, clock))


def _stop(back: Back, clock: Clock) -> Started:
    live = back.live
    assert live is not None
    if live.status in FORWARD:
        aws = back.target.cluster.aws
        aws.call("ecs", "stop_service_deployment", serviceDeploymentArn=live.arn, stopType="ROLLBACK")
    started = found(back.target, back.service, live, clock)
    if started is None:
        raise OperationError(f"{back.target.words}: ECS names no deployment of it")
    return started


def _go_back(back: Back, clock: Clock) -> Started:
    target = back.target
    if target.cluster.deployments_of(target.name, *LIVE):
        raise BusyError(f"a deployment was started meanwhile: look at it with `roadworthy watch {target.words}`")
    known = {target.cluster.service(target.name).current_deployment or ""}
    if back.definition:
        return start_new_revision(target, back.definition, known, clock, lambda: None)
    return start(target, known, clock, taskDefinition=back.task_definition)


def _deregistered(target: Target, arn: str) -> Definition | None:
    """The task definition, if ECS deploys it no longer; None also where that cannot be told."""
    try:
        definition = describe(target.cluster.aws, arn)
    except OperationError:
        return None
    return None if definition.get("status", ACTIVE) == ACTIVE else definition


def _task_definitions(target: Target, deployments: list[ServiceDeployment]) -> list[str]:
    """The task definitions of these deployments, in their order."""
    arns = [each.target.arn for each in deployments if each.target]
    revisions = target.cluster.revisions(arns)
    found = [revisions.get(arn, {}).get("taskDefinition") for arn in arns]
    return [task_definition for task_definition in found if task_definition]

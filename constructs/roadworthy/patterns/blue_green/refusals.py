"""What a shifting deployment refuses at birth: values of another type, and parts that contradict each other."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk

from roadworthy.patterns.blue_green.approval import Approval, Before
from roadworthy.patterns.blue_green.part import MOST_HOOKS, Part
from roadworthy.patterns.blue_green.shift import Shift
from roadworthy.patterns.blue_green.stages import LifecycleStage
from roadworthy.patterns.deployment.error import InvalidDeploymentError

_CLOUDFORMATION = 33 * 3_600  # seconds; of 36 hours that it waits for a service at most


def refuse_types(given: Mapping[str, tuple[object, type]]) -> None:
    """Refuse an option that is neither None nor of its type.

    Args:
        given: option -> its value and its type.

    Raises:
        InvalidDeploymentError: there is one; the message names option, value and type.
    """
    for name, (value, kind) in given.items():
        if value is not None and not isinstance(value, kind):
            raise InvalidDeploymentError(f"deployment {name} = {value!r} is no {kind.__name__}")


def refuse_hooks(hooks: object, kind: type) -> None:
    """Refuse what is no list of hooks.

    Raises:
        InvalidDeploymentError: it is none.
    """
    if not isinstance(hooks, Sequence) or not all(isinstance(hook, kind) for hook in hooks):
        raise InvalidDeploymentError(f"deployment hooks = {hooks!r} is no list of Hook.function(...)")


def refuse_number(parts: Sequence[Part]) -> None:
    """Refuse more functions than ECS asks; pauses are counted by themselves, and there is one at most.

    Raises:
        InvalidDeploymentError: there are more.
    """
    functions = [part for part in parts if not isinstance(part, Approval)]
    if len(functions) > MOST_HOOKS:
        raise InvalidDeploymentError(f"deployment has {len(functions)} hooks with functions, ECS takes {MOST_HOOKS}")


def refuse_approval(approval: Approval | None, others: Sequence[Part], *, is_stepwise: bool, has_stops: bool) -> None:
    """Refuse an approval at the side of what it should come before: ECS asks all hooks of a stage at the same time.

    Raises:
        InvalidDeploymentError: a migration, a tick or a step would not wait for it.
    """
    if approval is None:
        return
    beside = [wait.what for part in others for wait in part.waits() if wait.stage is approval.before.value]
    if approval.before is Before.START and beside:
        raise InvalidDeploymentError(
            f"approval before START would not hold the {beside[0]} back: ECS asks both at "
            f"{LifecycleStage.PRE_SCALE_UP.value}; ask before TRAFFIC, or before you deploy"
        )
    if approval.before is Before.EACH_STEP and (beside or has_stops or not is_stepwise):
        why = (
            f"the {beside[0]} would be over long before somebody agrees"
            if beside
            else "Deployment.steps has more steps than those it holds at"
            if has_stops
            else "it has one step"
        )
        raise InvalidDeploymentError(f"approval before EACH_STEP: {why}; ask before TRAFFIC")


def refuse_long(shift: Shift, bake: cdk.Duration) -> None:
    """Refuse linear and canary deployments that CloudFormation would: their holds and the bake take over 33 hours.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-linearconfiguration.html

    Raises:
        InvalidDeploymentError: they do.
    """
    if bake.is_unresolved() or not shift.holds:
        return
    baked = int(bake.to_seconds())
    seconds = shift.holds + baked
    if seconds > _CLOUDFORMATION:
        raise InvalidDeploymentError(
            f"deployment holds {shift.holds} s between its steps and bakes {baked} s, in all {seconds} s; "
            f"CloudFormation takes no more than {_CLOUDFORMATION} s (33 hours)"
        )

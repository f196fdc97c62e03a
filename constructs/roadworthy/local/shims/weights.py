"""Rules and listeners that forward to several target groups by weight.

Lack: of a forward action's target groups only the first is kept, without its weight.
Effect: a blue/green deployment cannot shift traffic, and nobody can see which version has it.
Shim: CloudFormation, CreateRule, ModifyRule, CreateListener and ModifyListener keep the groups with their weights, the
    describing calls tell them, and each request goes to a group with the probability of its weight.
Faithful: to weights; stickiness between target groups is dropped.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#forward-actions
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import alb, provisioners

Action = dict[str, Any]


def install(_: Settings) -> None:
    """Keep, tell and follow the weights."""
    from_template, from_call, told = provisioners._elbv2_listener_actions, alb._parse_actions, alb._action_xml
    execute = alb._execute_action

    def of_template(properties: Mapping[str, Any], balancer: Any, prop: str = "DefaultActions") -> list[Action]:
        declared = [one for one in properties.get(prop) or [] if isinstance(one, dict)]
        return [_weighed(*each) for each in zip(from_template(properties, balancer, prop), declared, strict=True)]

    def of_call(parameters: Any, prefix: str = "DefaultActions") -> list[Action]:
        made = from_call(parameters, prefix)
        return [_weighed(one, _called(parameters, f"{prefix}.member.{at}")) for at, one in enumerate(made, start=1)]

    def with_weights(action: Action) -> str:
        text, end = str(told(action)), "</member>"
        return text.removesuffix(end) + _xml(action["ForwardConfig"]) + end if "ForwardConfig" in action else text

    async def to_one(action: Action, *request: Any) -> Any:
        return await execute({**action, "TargetGroupArn": chosen(action)} if weighs(action) else action, *request)

    provisioners._elbv2_listener_actions = of_template
    alb._parse_actions, alb._action_xml, alb._execute_action = of_call, with_weights, to_one


def weighs(action: Action) -> bool:
    """Whether an action forwards by weight."""
    return bool(action.get("ForwardConfig", {}).get("TargetGroups"))


def chosen(action: Action) -> str:
    """The target group that the next request of a forward action goes to; empty: none has any weight."""
    if not weighs(action):
        return str(action.get("TargetGroupArn", ""))
    groups = action["ForwardConfig"]["TargetGroups"]
    weights = [one["Weight"] for one in groups]
    return str(random.choices(groups, weights)[0]["TargetGroupArn"]) if any(weights) else ""  # noqa: S311 - no secret


def weigh(action: Action, weights: Mapping[str, int]) -> None:
    """Give a forward action these weights, by target groups' ARNs."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    action["ForwardConfig"] = {"TargetGroups": groups}
    action["TargetGroupArn"] = max(weights, key=lambda arn: weights[arn])


def _weighed(action: Action, declared: Mapping[str, Any]) -> Action:
    forward = declared.get("ForwardConfig") or {}
    weights = {one["TargetGroupArn"]: int(one.get("Weight", 1)) for one in forward.get("TargetGroups") or ()}
    if weights and action["Type"] == "forward":
        weigh(action, weights)
    return action


def _called(parameters: Any, prefix: str) -> dict[str, Any]:
    """The forward configuration of a call's action, in CloudFormation's form."""
    groups: list[dict[str, Any]] = []
    while arn := alb._p(parameters, f"{prefix}.ForwardConfig.TargetGroups.member.{len(groups) + 1}.TargetGroupArn"):
        weight = alb._p(parameters, f"{prefix}.ForwardConfig.TargetGroups.member.{len(groups) + 1}.Weight", "1")
        groups.append({"TargetGroupArn": arn, "Weight": weight})
    return {"ForwardConfig": {"TargetGroups": groups}}


def _xml(forward: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    members = "".join(
        f"<member><TargetGroupArn>{one['TargetGroupArn']}</TargetGroupArn><Weight>{one['Weight']}</Weight></member>"
        for one in forward["TargetGroups"]
    )
    return f"<ForwardConfig><TargetGroups>{members}</TargetGroups></ForwardConfig>"

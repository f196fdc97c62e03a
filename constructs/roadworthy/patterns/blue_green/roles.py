"""The two roles with which ECS acts for a deployment: it moves traffic, and it calls hooks. Each may do no more.

Permissions are inline, so that they are there as soon as the role is: ECS is asked for the first deployment at once.
"""

from collections.abc import Iterable

from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.blue_green.traffic import Traffic
from roadworthy.patterns.waivers import waive

_ECS = "ecs.amazonaws.com"
# The actions of version 6 of the managed policy AmazonECSInfrastructureRolePolicyForLoadBalancers, which allows them on
# every target group, listener and rule of the account:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
_LOOK = [f"elasticloadbalancing:Describe{what}" for what in ("Listeners", "Rules", "TargetGroups", "TargetHealth")]
_REGISTER = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]
_MOVE_RULE, _MOVE_LISTENER = "elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyListener"


def infrastructure_role(scope: Construct, id: str, traffic: Traffic) -> iam.Role:
    """The role with which ECS registers tasks in both target groups and changes these rules, and no others."""
    move = _MOVE_LISTENER if traffic.is_network else _MOVE_RULE
    groups = [traffic.blue_arn, traffic.green_arn]
    statements = [
        iam.PolicyStatement(actions=_LOOK, resources=["*"]),
        iam.PolicyStatement(actions=_REGISTER, resources=groups),
        iam.PolicyStatement(actions=[move], resources=traffic.rule_arns),
    ]
    role = _role(scope, id, "MoveTraffic", statements)
    waive(role, {"AwsSolutions-IAM5[Resource::*]": "to describe load balancers takes no resource in IAM"})
    return role


def hook_role(scope: Construct, id: str, function_arns: Iterable[str]) -> iam.Role:
    """The role with which ECS calls these functions, by their exact ARNs.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html
    """
    statement = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(function_arns))
    return _role(scope, id, "CallHooks", [statement])


def _role(scope: Construct, id: str, policy: str, statements: list[iam.PolicyStatement]) -> iam.Role:
    return iam.Role(
        scope,
        id,
        assumed_by=iam.ServicePrincipal(_ECS),
        inline_policies={policy: iam.PolicyDocument(statements=statements)},
    )

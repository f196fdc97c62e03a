"""What the caller of an operation must be allowed, and on what.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from roadworthy.testing.wire.models import service_model

Arn = Callable[[str, str], str]

# What IAM calls a service where its signing name is another, and an operation where its own name is another.
PREFIXES = {"monitoring": "cloudwatch"}
ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "lambda:Invoke": "lambda:InvokeFunction",
}
# "No permissions are required": https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = ("sts:GetCallerIdentity",)
PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
ROLES = ("taskRoleArn", "executionRoleArn")


class Permission(NamedTuple):
    """An IAM action, "ecs:UpdateService", and the ARN of the resource; "*" where the call names none."""

    action: str
    resource: str


def iam_action(service: str, operation: str) -> str:
    """The action of an operation: ("elbv2", "DescribeRules") -> "elasticloadbalancing:DescribeRules"."""
    name = str(service_model(service).signing_name)
    action = f"{PREFIXES.get(name, name)}:{operation}"
    return ACTIONS.get(action, action)


def needed(service: str, operation: str, parameters: Mapping[str, Any], arn: Arn) -> list[Permission]:
    """What a call needs; `arn` makes an ARN of a service and a resource.

    Whoever registers a task definition passes its roles on.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html
    """
    action = iam_action(service, operation)
    if action in FREE:
        return []
    roles = [parameters[name] for name in ROLES if name in parameters and action == "ecs:RegisterTaskDefinition"]
    own = Permission(action, _resource(service, parameters, arn))
    return [own, *(Permission(PASS_ROLE, str(role)) for role in roles)]


def _resource(service: str, parameters: Mapping[str, Any], arn: Arn) -> str:
    """The ARN that the call is about. ECS is asked by names, too, and refuses by ARNs."""
    named = next((value for value in parameters.values() if str(value).startswith("arn:")), "")
    if named or service != "ecs":
        return str(named or "*")
    cluster = parameters.get("cluster", "default")
    services = [parameters.get("service"), *parameters.get("services", ())]
    if name := next(filter(None, services), None):
        return str(name) if str(name).startswith("arn:") else arn("ecs", f"service/{cluster}/{name}")
    return arn("ecs", f"cluster/{cluster}") if "cluster" in parameters else "*"

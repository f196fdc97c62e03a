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


# The parameters of ECS that hold ARNs of what is asked about; tasks have ids, too.
ARNS = ("serviceDeploymentArn", "serviceDeploymentArns", "serviceRevisionArns", "resourceArn", "task", "tasks")


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
    """The ARN that the call is about, or "*"."""
    if service == "ecs":
        return _of_ecs(parameters, arn)
    named = (value for name, value in parameters.items() if not name.lower().endswith("rolearn"))
    return next((value for value in named if isinstance(value, str) and value.startswith("arn:")), "*")


def _of_ecs(parameters: Mapping[str, Any], arn: Arn) -> str:
    """ECS is asked by names, too, and refuses by ARNs.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    """
    cluster = str(parameters.get("cluster", "default")).rpartition("/")[2]
    if named := _first(parameters, "service", "services"):
        return named if named.startswith("arn:") else arn("ecs", f"service/{cluster}/{named}")
    if named := _first(parameters, *ARNS):
        return named if named.startswith("arn:") else arn("ecs", f"task/{cluster}/{named}")
    return arn("ecs", f"cluster/{cluster}") if "cluster" in parameters else "*"


def _first(parameters: Mapping[str, Any], *names: str) -> str:
    """The first of the parameters that is there; of a list, its first item."""
    values = (parameters[name] for name in names if parameters.get(name))
    found = next(values, "")
    return str(found[0] if isinstance(found, list) else found)

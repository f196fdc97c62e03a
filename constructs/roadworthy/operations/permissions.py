"""Which IAM actions each verb of the command line needs, and on what: one table for the tool and for CDK.

    statements(["restart"], Target(region="eu-west-1", account="111122223333", cluster="shop-stage-cluster",
                                   service="api-stage"))

The parts of a `Target` may be CDK's tokens: they are only put together. `sts:GetCallerIdentity` needs no permission.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html and
the same reference for Elastic Load Balancing, CloudWatch, CloudWatch Logs, ECR, EC2, IAM and Service Quotas;
which conditions stand in for a resource:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from roadworthy.errors import RoadworthyError


class UnknownVerbError(RoadworthyError, ValueError):
    """A verb that the command line does not have."""


class On(enum.Enum):
    """On what an action is allowed: the form of its ARNs."""

    SERVICE = "arn:{partition}:ecs:{region}:{account}:service/{cluster}/{service}"
    SERVICES = "arn:{partition}:ecs:{region}:{account}:service/{cluster}/*"
    SERVICE_DEPLOYMENTS = "arn:{partition}:ecs:{region}:{account}:service-deployment/{cluster}/{service}/*"
    SERVICE_REVISIONS = "arn:{partition}:ecs:{region}:{account}:service-revision/{cluster}/{service}/*"
    TASKS = "arn:{partition}:ecs:{region}:{account}:task/{cluster}/*"  # a task's ARN does not name its service
    CLUSTER = "arn:{partition}:ecs:{region}:{account}:cluster/{cluster}"  # as a condition: these take no resource
    LOG_GROUPS = "arn:{partition}:logs:{region}:{account}:log-group:{log_group}:*"
    # DescribeLogGroups lists; a name is no resource of it.
    EVERY_LOG_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:*"
    ALARMS = "arn:{partition}:cloudwatch:{region}:{account}:alarm:*"
    REPOSITORIES = "{repository}"
    SECRETS = "{secret}"
    PARAMETERS = "{parameter}"
    ROLES = "{role}"
    ANYTHING = "*"  # these take neither a resource nor a condition on one


@dataclass(frozen=True, kw_only=True)
class Target:
    """The service to be operated.

    Attributes:
        region, account, cluster, service: where it is, and the names of its cluster and its own.
        partition: `aws`, `aws-cn`, `aws-us-gov`.
        log_groups: names of its log groups.
        repositories: ARNs of its images' ECR repositories.
        secrets, parameters: ARNs of what its containers get from Secrets Manager and Parameter Store.
        roles: ARNs of its task role and its execution role.
    """

    region: str
    account: str
    cluster: str
    service: str
    partition: str = "aws"
    log_groups: Sequence[str] = ()
    repositories: Sequence[str] = ()
    roles: Sequence[str] = ()
    secrets: Sequence[str] = ()
    parameters: Sequence[str] = ()


Permission = tuple[str, On]

_FIND = (("ecs:DescribeServices", On.SERVICE), ("ecs:DescribeTaskDefinition", On.ANYTHING))
_TASKS = (("ecs:ListTasks", On.CLUSTER), ("ecs:DescribeTasks", On.TASKS))
_DEPLOYMENTS = (
    ("ecs:ListServiceDeployments", On.SERVICE),
    # The reference names the service too for the two that describe.
    ("ecs:DescribeServiceDeployments", On.SERVICE),
    ("ecs:DescribeServiceDeployments", On.SERVICE_DEPLOYMENTS),
    ("ecs:DescribeServiceRevisions", On.SERVICE),
    ("ecs:DescribeServiceRevisions", On.SERVICE_REVISIONS),
)
_LOGS = (("logs:FilterLogEvents", On.LOG_GROUPS),)
_LAST_LINES = (("logs:GetLogEvents", On.LOG_GROUPS),)
_IMAGES = (
    ("ecr:BatchGetImage", On.REPOSITORIES),
    ("ecr:DescribeImages", On.REPOSITORIES),
    ("ecr:GetDownloadUrlForLayer", On.REPOSITORIES),
)
_ALARMS = (("cloudwatch:DescribeAlarms", On.ALARMS),)
_STATUS = (*_FIND, *_TASKS, *_DEPLOYMENTS, ("elasticloadbalancing:DescribeTargetHealth", On.ANYTHING))
# Whoever follows a deployment says why its first task failed, with the task's last words.
_FOLLOW = (*_STATUS, *_LAST_LINES)
_UPDATE = (("ecs:UpdateService", On.SERVICE),)
_STOP_DEPLOYMENT = (("ecs:StopServiceDeployment", On.SERVICE_DEPLOYMENTS),)

VERBS: Mapping[str, tuple[Permission, ...]] = {
    "list": (
        ("ecs:ListServices", On.CLUSTER),
        ("ecs:DescribeServices", On.SERVICES),
        ("ecs:DescribeTaskDefinition", On.ANYTHING),
    ),
    "status": _STATUS,
    "watch": _FOLLOW,
    "logs": (*_FIND, *_LOGS),
    "events": (("ecs:DescribeServices", On.SERVICE),),
    "history": (*_FIND, *_DEPLOYMENTS),
    "diagnose": (
        *_FIND,
        *_TASKS,
        ("ecs:ListServiceDeployments", On.SERVICE),
        ("ecs:DescribeServiceDeployments", On.SERVICE),
        ("ecs:DescribeServiceDeployments", On.SERVICE_DEPLOYMENTS),
        *_LAST_LINES,
        ("logs:DescribeLogGroups", On.EVERY_LOG_GROUP),
        *_IMAGES,
        ("ecr:DescribePullThroughCacheRules", On.ANYTHING),  # where an image is missing
        *_ALARMS,
        ("secretsmanager:DescribeSecret", On.SECRETS),
        ("ssm:GetParameters", On.PARAMETERS),
        ("elasticloadbalancing:DescribeLoadBalancers", On.ANYTHING),
        ("elasticloadbalancing:DescribeTargetGroups", On.ANYTHING),
        ("elasticloadbalancing:DescribeTargetHealth", On.ANYTHING),
        ("ec2:DescribeSecurityGroups", On.ANYTHING),
        ("ec2:DescribeSubnets", On.ANYTHING),
        ("servicequotas:GetServiceQuota", On.ANYTHING),
    ),
    "restart": (*_FOLLOW, *_UPDATE),
    "deploy": (
        *_FOLLOW,
        *_IMAGES,
        *_ALARMS,
        *_STOP_DEPLOYMENT,  # --if-busy cancel, and the second Ctrl-C
        *_UPDATE,
        ("ecs:RegisterTaskDefinition", On.ANYTHING),
        ("iam:PassRole", On.ROLES),
    ),
    "rollback": (*_FOLLOW, *_STOP_DEPLOYMENT, *_UPDATE),
    "stop-task": (*_FIND, *_TASKS, ("ecs:StopTask", On.TASKS)),
}


def statements(verbs: Iterable[str], target: Target) -> list[dict[str, Any]]:
    """The smallest policy statements with which the verbs work on one service, as IAM's JSON; actions are sorted.

    What the target does not name (log groups, repositories, secrets, roles ...) is not allowed.

    Raises:
        UnknownVerbError: there is no such verb.
    """
    actions: dict[On, set[str]] = {}
    for verb in verbs:
        for action, on in _permissions(verb):
            actions.setdefault(on, set()).add(action)
    found = [(on, sorted(actions[on]), _arns(on, target)) for on in On if on in actions]
    return [_statement(on, allowed, arns) for on, allowed, arns in found if arns]


def _permissions(verb: str) -> tuple[Permission, ...]:
    if verb not in VERBS:
        raise UnknownVerbError(f"verb {verb!r} is none of {', '.join(VERBS)}")
    return VERBS[verb]


def _arns(on: On, target: Target) -> list[str]:
    several = {
        On.LOG_GROUPS: target.log_groups,
        On.REPOSITORIES: target.repositories,
        On.SECRETS: target.secrets,
        On.PARAMETERS: target.parameters,
        On.ROLES: target.roles,
    }
    return [
        on.value.format(
            partition=target.partition,
            region=target.region,
            account=target.account,
            cluster=target.cluster,
            service=target.service,
            log_group=each,
            repository=each,
            role=each,
            secret=each,
            parameter=each,
        )
        for each in several.get(on, [""])
    ]


def _statement(on: On, actions: list[str], arns: list[str]) -> dict[str, Any]:
    sid = "".join(word.capitalize() for word in on.name.split("_"))
    statement: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": arns}
    if on is On.CLUSTER:
        return {**statement, "Resource": ["*"], "Condition": {"ArnEquals": {"ecs:cluster": arns[0]}}}
    if on is On.ROLES:
        return {**statement, "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}
    return statement

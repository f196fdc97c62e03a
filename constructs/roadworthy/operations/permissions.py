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
from roadworthy.operations.records.name import NAME


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
    TASK_DEFINITIONS = "arn:{partition}:ecs:{region}:{account}:task-definition/*:*"
    RECORDS = "arn:{partition}:dynamodb:{region}:{account}:table/{records}"
    RECORDS_INDEX = "arn:{partition}:dynamodb:{region}:{account}:table/{records}/index/*"
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
        records: the name of the table of records.
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
    records: str = NAME


Permission = tuple[str, On]

_SERVICE = (("ecs:DescribeServices", On.SERVICE),)
_TASK_DEFINITION = (("ecs:DescribeTaskDefinition", On.ANYTHING),)
_TASKS = (("ecs:ListTasks", On.CLUSTER), ("ecs:DescribeTasks", On.TASKS))
_DEPLOYMENTS = (
    ("ecs:ListServiceDeployments", On.SERVICE),
    # The reference names the service too for those that describe.
    ("ecs:DescribeServiceDeployments", On.SERVICE),
    ("ecs:DescribeServiceDeployments", On.SERVICE_DEPLOYMENTS),
)
_REVISIONS = (("ecs:DescribeServiceRevisions", On.SERVICE), ("ecs:DescribeServiceRevisions", On.SERVICE_REVISIONS))
_LAST_LINES = (*_TASK_DEFINITION, ("logs:GetLogEvents", On.LOG_GROUPS))
_TARGETS = (("elasticloadbalancing:DescribeTargetHealth", On.ANYTHING),)
_STATUS = (*_SERVICE, *_TASKS, *_DEPLOYMENTS, *_TARGETS)
# Whoever follows a deployment says why its first task failed, with the task's last words.
_FOLLOW = (*_STATUS, *_LAST_LINES)
# What does not go well is rolled back: after a time, after failures, and at the second Ctrl-C.
_START = (
    *_FOLLOW,
    ("ecs:UpdateService", On.SERVICE),
    ("ecs:StopServiceDeployment", On.SERVICE_DEPLOYMENTS),
    ("dynamodb:PutItem", On.RECORDS),
)
# What the new tasks need: whether AWS has it, and whether no alarm is red.
_CHECKS = (
    ("ecr:BatchGetImage", On.REPOSITORIES),
    ("ecr:DescribeImages", On.REPOSITORIES),
    ("ecr:GetDownloadUrlForLayer", On.REPOSITORIES),
    ("ecr:DescribePullThroughCacheRules", On.ANYTHING),  # where an image is missing
    ("cloudwatch:DescribeAlarms", On.ALARMS),
    ("secretsmanager:DescribeSecret", On.SECRETS),
    ("ssm:GetParameters", On.PARAMETERS),
    ("logs:DescribeLogGroups", On.EVERY_LOG_GROUP),
    ("ec2:DescribeSubnets", On.ANYTHING),
)
_NEW_REVISION = (
    ("ecs:RegisterTaskDefinition", On.ANYTHING),
    ("ecs:DeregisterTaskDefinition", On.ANYTHING),  # of a revision that could not be deployed
    ("ecs:TagResource", On.TASK_DEFINITIONS),
    ("iam:PassRole", On.ROLES),
)
_DEPLOY = (*_START, *_CHECKS, *_NEW_REVISION)

VERBS: Mapping[str, tuple[Permission, ...]] = {
    "list": (("ecs:ListServices", On.CLUSTER), ("ecs:DescribeServices", On.SERVICES), *_TASK_DEFINITION),
    "status": _STATUS,
    "watch": _FOLLOW,
    "logs": (*_SERVICE, *_TASK_DEFINITION, ("logs:FilterLogEvents", On.LOG_GROUPS)),
    "events": _SERVICE,
    "history": (
        *_SERVICE,
        ("ecs:ListServiceDeployments", On.SERVICE),
        *_REVISIONS,
        ("dynamodb:Query", On.RECORDS_INDEX),
    ),
    "show": (("dynamodb:Query", On.RECORDS),),
    "diagnose": (
        *_FOLLOW,
        *_CHECKS,
        ("elasticloadbalancing:DescribeLoadBalancers", On.ANYTHING),
        ("elasticloadbalancing:DescribeTargetGroups", On.ANYTHING),
        ("ec2:DescribeSecurityGroups", On.ANYTHING),
        ("servicequotas:GetServiceQuota", On.ANYTHING),
    ),
    "restart": _START,
    "deploy": _DEPLOY,
    "build": (  # what `deploy --build` needs more
        ("ecr:GetAuthorizationToken", On.ANYTHING),
        ("ecr:BatchCheckLayerAvailability", On.REPOSITORIES),
        ("ecr:CompleteLayerUpload", On.REPOSITORIES),
        ("ecr:InitiateLayerUpload", On.REPOSITORIES),
        ("ecr:PutImage", On.REPOSITORIES),
        ("ecr:UploadLayerPart", On.REPOSITORIES),
    ),
    # The revision to go back to may have been deregistered: then it is registered anew.
    "rollback": (*_START, *_REVISIONS, *_NEW_REVISION),
    "rollout": (*_DEPLOY, *_REVISIONS, ("ecs:ContinueServiceDeployment", On.SERVICE_DEPLOYMENTS)),
    "stop-task": (*_SERVICE, *_TASKS, *_TARGETS, ("ecs:StopTask", On.TASKS)),
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
            records=target.records,
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

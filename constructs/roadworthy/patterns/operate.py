"""What an operator may do with a service: exactly what the verbs of the command line need."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from roadworthy.operations.permissions import VERBS, Target, statements
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.service_metrics import RunsTasks, literal_name
from roadworthy.patterns.wildcards import waive_wildcards

ALL_VERBS = tuple(VERBS)
READING_VERBS = ("list", "status", "watch", "logs", "events", "history", "show", "diagnose")

_KEY_AND_VERSION = 3  # parts between colons that may follow a secret's ARN: the key, the version's stage, its id
_PARTS_WITH_KEY = (1 + _KEY_AND_VERSION, 7 + _KEY_AND_VERSION)  # of a token, of an ARN that is written out
_SUFFIXED = re.compile(r"-[A-Za-z0-9]{6}$")
_NO_NARROWER = "the narrowest that IAM has: ECS's actions on tasks and deployments, or one that takes no resource"


def operate_statements(
    service: RunsTasks,
    *,
    verbs: Sequence[str] = ALL_VERBS,
    repositories: Sequence[ecr.IRepository] = (),
    log_groups: Sequence[logs.ILogGroup] | None = None,
) -> list[iam.PolicyStatement]:
    """The policy statements with which the verbs work on this service.

    Args:
        service: the service.
        verbs: which; default: all of `roadworthy.operations.permissions.VERBS`.
        repositories: where its images are; without them `deploy` and `diagnose` do not look whether an image is there.
        log_groups: where its output is; default: the service's own, where it has one.

    Raises:
        UnknownVerbError: there is no such verb.
    """
    found = statements(verbs, _target(service, repositories, log_groups))
    return [iam.PolicyStatement.from_json(statement) for statement in found]


def grant_operate(
    service: RunsTasks,
    grantee: iam.IGrantable,
    *,
    verbs: Sequence[str] = ALL_VERBS,
    repositories: Sequence[ecr.IRepository] = (),
    log_groups: Sequence[logs.ILogGroup] | None = None,
) -> None:
    """Let `grantee` operate the service; the arguments are those of `operate_statements`."""
    allowed = statements(verbs, _target(service, repositories, log_groups))
    principal = grantee.grant_principal
    for statement in allowed:
        principal.add_to_principal_policy(iam.PolicyStatement.from_json(statement))
    if hasattr(principal, "node"):  # an imported role has one, too, and is no `Construct` in Python
        waive_wildcards(cast("IConstruct", principal), _resources(allowed), _NO_NARROWER)


class OperatorPolicy(iam.ManagedPolicy):
    """A managed policy for those who operate a service, to be attached to roles and permission sets.

    On a cluster that several services share, `StopTask` and `DescribeTasks` reach the tasks of all of them: the ARN of
    a task does not name its service.

    Args:
        scope: where it is made.
        id: its id.
        service: the service.
        verbs: which verbs of the command line; default: all; `READING_VERBS` change nothing.
        repositories: where its images are.
        log_groups: where its output is; default: the service's own, where it has one.
        name: the policy's name; default: CloudFormation makes one up.

    Raises:
        InvalidNameError: no policy can have the name.
        UnknownVerbError: there is no such verb.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: RunsTasks,
        verbs: Sequence[str] = ALL_VERBS,
        repositories: Sequence[ecr.IRepository] = (),
        log_groups: Sequence[logs.ILogGroup] | None = None,
        name: str | None = None,
    ) -> None:
        if name is not None:
            refuse_name("policy", name)
        allowed = statements(verbs, _target(service, repositories, log_groups))
        super().__init__(
            scope,
            id,
            managed_policy_name=name,
            description="What operating this service with roadworthy needs",
            statements=[iam.PolicyStatement.from_json(statement) for statement in allowed],
        )
        waive_wildcards(self, _resources(allowed), _NO_NARROWER)


def _target(
    service: RunsTasks, repositories: Sequence[ecr.IRepository], log_groups: Sequence[logs.ILogGroup] | None
) -> Target:
    fargate, own = service.service, getattr(service, "log_group", None)
    if log_groups is None:
        log_groups = [own] if own is not None else []
    stack, task = cdk.Stack.of(fargate), fargate.task_definition
    roles = [task.task_role, *([task.execution_role] if task.execution_role else [])]
    values: Mapping[str, ecs.Secret] = getattr(service, "secrets", {})
    arns = list(dict.fromkeys(value.arn for value in values.values()))
    return Target(
        partition=stack.partition,
        region=stack.region,
        account=stack.account,
        cluster=fargate.cluster.cluster_name,
        service=literal_name(service) or fargate.service_name,
        log_groups=[group.log_group_name for group in log_groups],
        repositories=[repository.repository_arn for repository in repositories],
        roles=[role.role_arn for role in roles],
        secrets=[each for arn in arns if not _is_parameter(arn) for each in _secret_arns(arn)],
        parameters=[arn for arn in arns if _is_parameter(arn)],
    )


def _secret_arns(value_from: str) -> list[str]:
    """The ARNs by which IAM knows the secret of a container's `valueFrom`; its parts may be tokens.

    A key, a version's stage and its id may follow the ARN. Where the ARN ends in the secret's name alone, that of the
    secret has six characters more; whether a name that ends so has them already nobody can tell.

    Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html,
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
    """
    parts = value_from.split(":")
    arn = ":".join(parts[:-_KEY_AND_VERSION] if len(parts) in _PARTS_WITH_KEY else parts)
    if cdk.Token.is_unresolved(arn.rpartition(":")[2]):
        return [arn]  # of a secret of the app: the whole ARN
    return [*([arn] if _SUFFIXED.search(arn) else []), f"{arn}-??????"]


def _is_parameter(arn: str) -> bool:
    return ":ssm:" in arn


def _resources(allowed: Sequence[Mapping[str, Any]]) -> list[str]:
    return [arn for statement in allowed for arn in statement["Resource"]]

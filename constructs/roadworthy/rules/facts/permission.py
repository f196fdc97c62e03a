"""What ECS does with a task definition's execution role before a container runs: the permissions that this needs.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.rules.facts.awslogs import aws_logs
from roadworthy.rules.facts.ecr_image import EcrImage, ecr_image
from roadworthy.rules.facts.iam_policy import granting, lacks, lets_roles
from roadworthy.rules.facts.secret_reference import SECRETS_MANAGER, SecretUse, has_suffix, joined_secret, parse, uses
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known
from roadworthy.template.model.repository import Repository
from roadworthy.template.model.role import Role
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.values import HOLE, Reference, Value, readable, skeleton

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 - an action's name
# BatchCheckLayerAvailability is not needed: AmazonEC2ContainerRegistryPullOnly does without it.
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
READ_SECRET = "secretsmanager:GetSecretValue"  # noqa: S105 - an action's name
READ_PARAMETERS = "ssm:GetParameters"
DECRYPT = "kms:Decrypt"
WRITE_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


class Need(NamedTuple):
    """Something that an execution role must be allowed to do.

    Attributes:
        action: such as `ecr:BatchGetImage`.
        targets: the ARNs on one of which it must be allowed; empty where that is not known, or not asked.
        what: what it is done for, for messages: "pull `...`".
        at: where the task definition says so.
        when: the conditions under which it is needed.
        assumed: the parameters whose defaults it rests on.
    """

    action: str
    targets: tuple[Value, ...]
    what: str
    at: Node
    when: When
    assumed: frozenset[str]


def is_lacking(role: Role, need: Need) -> bool:
    """Whether the role certainly may not do it."""
    if len(need.targets) == 1:
        return lacks(role, need.action, need.targets[0])
    return all(lacks(role, need.action, target) for target in need.targets or (None,))


def pulls(container: Container) -> Iterator[Need]:
    """What pulling a container's images from ECR needs on Fargate."""
    for place, image in container.images:
        found = ecr_image(image.value)
        whens = _on_fargate(container.definition, place.when | image.when) if found else []
        for when in whens[:1]:
            what = f"pull `{readable(skeleton(image.value))}`"
            yield Need(TOKEN, (), what, place, when, image.assumed)
            for action in () if found and _has_policy(container, found) else PULL:
                yield Need(action, (found.arn,) if found else (), what, place, when, image.assumed)


def reads(container: Container) -> Iterator[Need]:
    """What reading a container's secrets and parameters needs."""
    for use in uses(container):
        yield from reading(use)


def reading(use: SecretUse) -> Iterator[Need]:
    """What reading a secret or a parameter needs: the value, and the key of the templates that encrypts it."""
    found = use.reference
    if found is None:
        return
    what = f"read `{found.written}` for `{use.name}`"
    secret = joined_secret(use.container, found)
    if secret is None or not secret.has_policy:
        action = READ_SECRET if found.service == SECRETS_MANAGER else READ_PARAMETERS
        yield Need(action, _arns(found.arn, found.name), what, use.at, use.when, use.assumed)
    for key in secret.encryption_keys if secret else ():
        if not lets_roles(key.value.statements, DECRYPT):
            target = Reference(key.value.document, key.value.logical_id, "Arn")
            yield Need(DECRYPT, (target,), what, use.at, use.when | key.when, use.assumed | key.assumed)


def secret_need(container: Container, known: Known[Value]) -> Need | None:
    """What reading the credentials of a container's registry needs; None where it is not known."""
    found = parse(known.value)
    secret = joined_secret(container, found) if found else None
    if found is None or found.service != SECRETS_MANAGER or (secret and secret.has_policy):
        return None
    what = f"read `{found.written}`, the credentials of container `{container.label}`'s registry"
    return Need(READ_SECRET, _arns(found.arn, found.name), what, known.at, known.when, known.assumed)


def logs(container: Container) -> Iterator[Need]:
    """What writing a container's logs to CloudWatch needs on Fargate."""
    for each in aws_logs(container):
        for when in _on_fargate(container.definition, each.when)[:1]:
            what = f"write the logs of container `{container.label}`"
            yield from (Need(action, (), what, each.node, when, each.assumed) for action in WRITE_LOGS)


def _on_fargate(definition: TaskDefinition, when: When) -> list[When]:
    """`when` together with each way in which the task definition certainly runs on Fargate."""
    return [when | each for each in definition.on_fargate if possible(when, each)]


def _arns(arn: Value, name: str) -> tuple[Value, ...]:
    """The ARNs of what a reference names: of a secret that is named without its suffix, with any suffix."""
    if isinstance(arn, str) and ":secretsmanager:" in arn and not name.endswith(HOLE):
        return (arn, f"{arn}-??????") if has_suffix(name) else (f"{arn}-??????",)
    return (arn,)


def _has_policy(container: Container, image: EcrImage) -> bool:
    """Whether the repository has a policy of its own, which may let the role pull."""
    found = image.repository
    if found is None:
        return False
    return container.definition.model.resource(Repository, found.document, found.name).has_policy


class Denied(NamedTuple):
    """A secret that the execution role certainly may not read; `holder`: the task role, if that may."""

    need: Need
    role: Known[Role]
    holder: Role | None


def denied_reads(container: Container) -> Iterator[Denied]:
    """The secrets and parameters that an execution role of the templates may not read."""
    for role in container.definition.execution_roles:
        for need in reads(container):
            if possible(role.when, need.when) and is_lacking(role.value, need):
                holders = (each.value for each in container.definition.task_roles if possible(each.when, need.when))
                yield Denied(need, role, next((holder for holder in holders if _grants(holder, need)), None))


def _grants(role: Role, need: Need) -> bool:
    """Whether a statement of the role names the action."""
    statements = (each for target in need.targets or (None,) for each in granting(role, need.action, target))
    return any(statement.actions is not None for statement in statements)

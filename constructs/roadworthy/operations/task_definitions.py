"""A new revision of a task definition in which only the image is another one.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
"""

from typing import Any

from roadworthy.operations.aws import Aws
from roadworthy.operations.errors import NotFoundError, OperationError
from roadworthy.operations.place import Target

Definition = dict[str, Any]
# What AWS's own tags begin with, which nobody else may write:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
RESERVED = "aws:"


def describe(aws: Aws, arn: str) -> Definition:
    """A task definition with its tags, as RegisterTaskDefinition takes it, and what AWS adds to it."""
    answer = aws.call("ecs", "describe_task_definition", taskDefinition=arn, include=["TAGS"])
    tags = [tag for tag in answer.get("tags") or [] if not tag.get("key", "").lower().startswith(RESERVED)]
    return {**answer["taskDefinition"], **({"tags": tags} if tags else {})}


def container_of(definition: Definition, target: Target, name: str | None = None) -> Definition:
    """The container whose image is deployed.

    Args:
        definition: the task definition.
        target: the service; services.toml may name its container.
        name: the container that the command line names.

    Raises:
        NotFoundError: there is no container of the name.
        OperationError: there are several that it may be.
    """
    containers = definition.get("containerDefinitions") or []
    names = [each["name"] for each in containers]
    wanted = name or (target.entry.container if target.entry else None)
    found = [each for each in containers if each["name"] == wanted]
    if found:
        return dict(found[0])
    if name:
        raise NotFoundError(f"{target.words}: no container `{name}`; it has {', '.join(names)}")
    if len(containers) == 1:
        return dict(containers[0])
    raise OperationError(f"{target.words}: which container? Pass --container with one of {', '.join(names)}")


def with_image(definition: Definition, container: str, image: str) -> Definition:
    """The definition with another image in one of its containers."""
    containers = [
        {**each, "image": image} if each["name"] == container else each for each in definition["containerDefinitions"]
    ]
    return {**definition, "containerDefinitions": containers}


def register(aws: Aws, definition: Definition) -> str:
    """Register a revision; the answer is its ARN. What only AWS writes into a definition is left out."""
    members = aws.parameters_of("ecs", "register_task_definition")
    given = {name: value for name, value in definition.items() if name in members}
    return str(aws.call("ecs", "register_task_definition", **given)["taskDefinition"]["taskDefinitionArn"])


def deregister(aws: Aws, arn: str) -> None:
    """Take back a revision that nothing runs."""
    aws.call("ecs", "deregister_task_definition", taskDefinition=arn)

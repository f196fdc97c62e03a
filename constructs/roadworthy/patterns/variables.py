"""A container's variables, plain and secret: ECS takes each name once."""

from collections.abc import Mapping

from aws_cdk import aws_ecs as ecs

from roadworthy.errors import RoadworthyError


class DuplicateVariableError(RoadworthyError, ValueError):
    """A name stands in both `environment` and `secrets`; ECS refuses such a task definition."""


DuplicateVariable = DuplicateVariableError


class InvalidVariableError(RoadworthyError, ValueError):
    """A variable that no process could have, or whose value is no text."""


def refuse_variables(environment: Mapping[str, str], secrets: Mapping[str, ecs.Secret], *, what: str) -> None:
    """Refuse variables with which ECS would refuse the task definition, or that no process could have.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html

    Args:
        environment: the plain variables, name to value.
        secrets: the secret ones.
        what: whose they are, for the message: "container `api`".

    Raises:
        DuplicateVariableError: a name stands in both.
        InvalidVariableError: a name is empty or has a `=`, or a plain value is no text.
    """
    both = sorted(environment.keys() & secrets.keys())
    if both:
        raise DuplicateVariableError(
            f"{', '.join(both)}: in both environment and secrets of {what}; "
            "ECS takes each name once, so remove it from one"
        )
    for name in (*environment, *secrets):
        if not isinstance(name, str) or not name or "=" in name:
            raise InvalidVariableError(f"{what}: {name!r} cannot be the name of a variable")
    for name, value in environment.items():
        if not isinstance(value, str):
            raise InvalidVariableError(f"{what}: variable {name} = {value!r} is no text; write it as a string")

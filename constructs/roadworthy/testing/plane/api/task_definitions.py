"""Registering, describing and listing task definitions."""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.plane.api.find import active_definition
from roadworthy.testing.plane.api.pages import page
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.names import family_and_revision
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import TaskDefinition
from roadworthy.testing.wire.backend import AwsError


def register_task_definition(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A new revision of a family."""
    plane = deployer.plane
    members = {name: value for name, value in parameters.items() if name != "tags"}
    if not members["containerDefinitions"]:
        raise AwsError("ClientException", "Container list cannot be empty.")
    definition = plane.register(members)
    if tags := parameters.get("tags"):
        plane.tags[definition.arn] = {tag["key"]: tag.get("value", "") for tag in tags}
    return {"taskDefinition": described(plane, definition), "tags": tags}


def describe_task_definition(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A task definition, an inactive one too."""
    plane = deployer.plane
    definition = plane.definition(*family_and_revision(parameters["taskDefinition"]))
    if definition is None:
        raise AwsError("ClientException", "Unable to describe task definition.")
    tags = [{"key": key, "value": value} for key, value in plane.tags.get(definition.arn, {}).items()]
    shown = tags if "TAGS" in parameters.get("include", []) else None
    return {"taskDefinition": described(plane, definition), "tags": shown}


def deregister_task_definition(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Make a revision inactive; what runs goes on."""
    family, revision = family_and_revision(parameters["taskDefinition"])
    if revision is None:
        raise AwsError("InvalidParameterException", "A revision must be specified.")
    definition = active_definition(deployer.plane, f"{family}:{revision}")
    definition.deregistered_at = deployer.plane.now()
    return {"taskDefinition": described(deployer.plane, definition)}


def list_task_definitions(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The ARNs of the revisions, those of one family or of all, in the order of their numbers."""
    families, prefix = deployer.plane.families, parameters.get("familyPrefix")
    active = parameters.get("status", "ACTIVE") == "ACTIVE"
    chosen = [
        definition.arn
        for family in sorted(families)
        for definition in families[family]
        if prefix in (None, family) and (definition.deregistered_at is None) is active
    ]
    arns, token = page(chosen[::-1] if parameters.get("sort") == "DESC" else chosen, parameters)
    return {"taskDefinitionArns": arns, "nextToken": token}


def described(plane: Plane, definition: TaskDefinition) -> dict[str, Any]:
    """A task definition as the API shows it."""
    return {
        "volumes": [],
        "placementConstraints": [],
        "compatibilities": ["EC2", "FARGATE"],
        **definition.registered,
        "containerDefinitions": [_container(one) for one in definition.containers],
        "taskDefinitionArn": definition.arn,
        "revision": definition.revision,
        "status": "ACTIVE" if definition.deregistered_at is None else "INACTIVE",
        "registeredAt": definition.registered_at,
        "deregisteredAt": definition.deregistered_at,
        "registeredBy": f"arn:{plane.backend.partition}:iam::{plane.backend.account}:role/deployer",
    }


def _container(container: Mapping[str, Any]) -> dict[str, Any]:
    """A container definition with the members that ECS adds."""
    lists: dict[str, Any] = {
        "cpu": 0,
        "essential": True,
        "portMappings": [],
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
    }
    return {**lists, **container}


OPERATIONS = {
    "RegisterTaskDefinition": register_task_definition,
    "DescribeTaskDefinition": describe_task_definition,
    "DeregisterTaskDefinition": deregister_task_definition,
    "ListTaskDefinitions": list_task_definitions,
}

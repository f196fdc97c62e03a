"""Telling what a parsed file is: only templates and ECS definitions are checked, the rest is named and skipped."""

from collections.abc import Iterator
from typing import Any

from roadworthy.template.document import CONTAINERS, SERVICE, TARGET_GROUP, TASK_DEFINITION, TEMPLATE
from roadworthy.template.node import Key
from roadworthy.template.problems import NotATemplate

# A top-level key that tells a file which is no template.
FOREIGN = {
    "AWSEBDockerrunVersion": "Elastic Beanstalk Dockerrun file",
    "openapi": "OpenAPI document",
    "swagger": "OpenAPI document",
    "apiVersion": "Kubernetes manifest",
    "lockfileVersion": "npm lock file",
    "artifacts": "cloud assembly manifest: check its folder",
    "dockerImages": "CDK asset manifest",
    "pluginReports": "CDK validation report",
    "tree": "CDK construct tree",
}
# Members of a service definition (CreateService, UpdateService, DescribeServices, ecspresso); it has two at least.
OF_SERVICE = {
    "serviceName",
    "taskDefinition",
    "loadBalancers",
    "networkConfiguration",
    "desiredCount",
    "launchType",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "deploymentController",
    "schedulingStrategy",
    "healthCheckGracePeriodSeconds",
    "platformVersion",
    "enableExecuteCommand",
    "serviceConnectConfiguration",
    "serviceRegistries",
}
# Members of what RunTask and StartTask take, and of EventBridge's targets: a task, no service.
OF_TASK_RUN = {"overrides", "startedBy", "count", "tasks", "containerInstances", "TaskDefinitionArn"}
SKELETON = "skeleton of the AWS command line: fill it in first"
Roots = tuple[tuple[Key, ...], ...]


def classify(tree: Any) -> tuple[str, Roots]:
    """The kind of a document and the paths of its definitions.

    Raises:
        NotATemplate: it is something else; the message says what.
    """
    if isinstance(tree, list):
        return _containers(tree)
    if not isinstance(tree, dict):
        raise NotATemplate("not a template")
    foreign = next((name for key, name in FOREIGN.items() if key in tree), None)
    if foreign:
        raise NotATemplate(foreign)
    if "Resources" in tree:
        return _template(tree)
    for root, definition in _wrapped(tree):
        if "containerDefinitions" in definition:
            return _task_definition(definition, root)
    return _service(tree) or _target_group(tree) or _nothing()


def _nothing() -> tuple[str, Roots]:
    raise NotATemplate("neither a CloudFormation template nor an ECS definition")


def _wrapped(tree: dict[str, Any]) -> Iterator[tuple[tuple[Key, ...], dict[str, Any]]]:
    """What may be a task definition: the document itself, or what describe-task-definition wraps around it."""
    inner = tree.get("taskDefinition")
    if isinstance(inner, dict):
        yield ("taskDefinition",), inner
    yield (), tree


def _template(tree: dict[str, Any]) -> tuple[str, Roots]:
    resources = tree["Resources"]
    if isinstance(resources, list):
        raise NotATemplate("CodeDeploy AppSpec file" if resources else "its Resources are an empty list")
    if resources is not None and not isinstance(resources, dict):
        raise NotATemplate("its Resources are not a mapping")
    return TEMPLATE, ((),)


def _task_definition(tree: dict[str, Any], root: tuple[Key, ...]) -> tuple[str, Roots]:
    containers = tree["containerDefinitions"]
    if not isinstance(containers, list):
        raise NotATemplate("its containerDefinitions are not a list")
    first = containers[0] if containers else None
    if tree.get("family") == "" and isinstance(first, dict) and first.get("name") == "":
        raise NotATemplate(SKELETON)
    return TASK_DEFINITION, (root,)


def _containers(tree: list[Any]) -> tuple[str, Roots]:
    if tree and all(isinstance(item, dict) and "name" in item and "image" in item for item in tree):
        return CONTAINERS, ((),)
    raise NotATemplate("a list, but not of ECS containers")


def _service(tree: dict[str, Any]) -> tuple[str, Roots] | None:
    """A service definition, alone or as DescribeServices and CreateService answer it."""
    listed, wrapped = tree.get("services"), tree.get("service")
    if isinstance(listed, list) and listed and all(map(_is_service, listed)):
        return SERVICE, tuple(("services", index) for index in range(len(listed)))
    if _is_service(wrapped):
        return SERVICE, (("service",),)
    if not _is_service(tree):
        return None
    if tree.get("serviceName") == "" and tree.get("taskDefinition") == "":
        raise NotATemplate(SKELETON)
    return SERVICE, ((),)


def _is_service(tree: Any) -> bool:
    return isinstance(tree, dict) and len(OF_SERVICE & tree.keys()) > 1 and not OF_TASK_RUN & tree.keys()


def _target_group(tree: dict[str, Any]) -> tuple[str, Roots] | None:
    """The input of CreateTargetGroup, or the answer of DescribeTargetGroups."""
    listed = tree.get("TargetGroups")
    if isinstance(listed, list) and listed and all(isinstance(item, dict) and "Protocol" in item for item in listed):
        return TARGET_GROUP, tuple(("TargetGroups", index) for index in range(len(listed)))
    of_target_group = {"HealthCheckPath", "HealthCheckProtocol", "TargetType", "TargetGroupName", "TargetGroupArn"}
    if "Protocol" in tree and of_target_group & tree.keys():
        return TARGET_GROUP, ((),)
    return None

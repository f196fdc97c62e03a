"""Telling what a parsed file is: only templates and ECS definitions are checked, the rest is named and skipped."""

from typing import Any

from roadworthy.template.document import CONTAINERS, TASK_DEFINITION, TEMPLATE
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


def classify(tree: Any) -> tuple[str, tuple[Key, ...]]:
    """The kind of a document and the path of its definition.

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
    inner = tree.get("taskDefinition")
    if isinstance(inner, dict) and "containerDefinitions" in inner:
        return _task_definition(inner, ("taskDefinition",))
    if "containerDefinitions" in tree:
        return _task_definition(tree, ())
    if isinstance(inner, str) or "loadBalancers" in tree or "networkConfiguration" in tree:
        raise NotATemplate("ECS service definition: nothing to check without its task definition")
    raise NotATemplate("neither a CloudFormation template nor an ECS definition")


def _template(tree: dict[str, Any]) -> tuple[str, tuple[Key, ...]]:
    resources = tree["Resources"]
    if isinstance(resources, list):
        raise NotATemplate("CodeDeploy AppSpec file" if resources else "its Resources are an empty list")
    if resources is not None and not isinstance(resources, dict):
        raise NotATemplate("its Resources are not a mapping")
    return TEMPLATE, ()


def _task_definition(tree: dict[str, Any], root: tuple[Key, ...]) -> tuple[str, tuple[Key, ...]]:
    containers = tree["containerDefinitions"]
    if not isinstance(containers, list):
        raise NotATemplate("its containerDefinitions are not a list")
    first = containers[0] if containers else None
    if tree.get("family") == "" and isinstance(first, dict) and first.get("name") == "":
        raise NotATemplate("skeleton of the AWS command line: fill it in first")
    return TASK_DEFINITION, root


def _containers(tree: list[Any]) -> tuple[str, tuple[Key, ...]]:
    if tree and all(isinstance(item, dict) and "name" in item and "image" in item for item in tree):
        return CONTAINERS, ()
    raise NotATemplate("a list, but not of ECS containers")

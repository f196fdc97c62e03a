"""What is right: a template and raw ECS definitions that no checker has a reason to complain of."""

import copy
from typing import Any

from benchmarks.coverage.good import load_balancing, network, raw, roles_and_data, service, task_definition

Template = dict[str, Any]
RESOURCES = {
    **network.RESOURCES,
    **load_balancing.RESOURCES,
    **roles_and_data.RESOURCES,
    **task_definition.RESOURCES,
    **service.RESOURCES,
}
PARAMETERS = {"CertificateArn": {"Type": "String"}}


def template() -> Template:
    """A web service on Fargate behind an HTTPS load balancer, as CloudFormation: a new copy to edit."""
    whole = {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": PARAMETERS, "Resources": RESOURCES}
    return copy.deepcopy(whole)


def definitions() -> Template:
    """Its task definition and service as `aws ecs` takes them, file name -> content: a new copy to edit."""
    return copy.deepcopy({"task-definition.json": raw.TASK_DEFINITION, "service.json": raw.SERVICE})

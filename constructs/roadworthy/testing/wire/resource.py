"""The resource that a refusal names."""

from collections.abc import Callable, Mapping
from typing import Any


def resource_arn(service: str, parameters: Mapping[str, Any], arn: Callable[[str, str], str]) -> str:
    """The ARN that the call is about, or "*" where it names none.

    ECS is asked by names, and refuses by ARNs.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    """
    named = next((str(value) for value in parameters.values() if str(value).startswith("arn:")), "")
    if named or service != "ecs":
        return named or "*"
    return _of_ecs(parameters, arn)


def _of_ecs(parameters: Mapping[str, Any], arn: Callable[[str, str], str]) -> str:
    cluster = parameters.get("cluster", "default")
    services = [parameters.get("service"), *parameters.get("services", ())]
    if service := next(filter(None, services), None):
        return arn("ecs", f"service/{cluster}/{service}")
    return arn("ecs", f"cluster/{cluster}") if "cluster" in parameters else "*"

"""What a task on Fargate must reach to start: registries, CloudWatch Logs, secrets; and for ECS Exec.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.rules.facts.ecr_image import ecr_image
from roadworthy.rules.facts.image import parse_image
from roadworthy.rules.facts.secret_reference import parse, uses
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import absent, flags, texts
from roadworthy.template.model.service import Service
from roadworthy.template.model.task_definition import FARGATE, TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.values import HOLE, Value, skeleton

INTERNET = "internet"
GATEWAY = "s3"
EXEC = "ssmmessages"
ECR = ("ecr.api", "ecr.dkr", GATEWAY)
DOCKER_HUB = "docker.io"
# Registries outside AWS's private network: no VPC endpoint leads to them.
PUBLIC_REGISTRIES = {
    DOCKER_HUB,
    "index.docker.io",
    "registry-1.docker.io",
    "public.ecr.aws",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "mcr.microsoft.com",
    "registry.k8s.io",
    "registry.gitlab.com",
}


class Need(NamedTuple):
    """Something that a task must reach.

    Attributes:
        service: the name of its VPC endpoint (`ecr.api`, `s3`, `logs` ...), or INTERNET.
        of: what needs it, for messages.
        at: where that is written.
        when: the conditions under which it is needed.
        assumed: the parameters whose defaults that rests on.
    """

    service: str
    of: str
    at: Node
    when: When
    assumed: frozenset[str]


def needs(service: Service) -> list[Need]:
    """What the tasks of a service on Fargate need to start; nothing where it may run elsewhere."""
    found = service.model.index(_found)
    if service not in found:
        found[service] = list(_needs_of(service))
    return found[service]


def fargate(service: Service) -> list[When]:
    """The conditions under which a service certainly runs on Fargate: by itself, or by its task definition alone."""
    if service.on_fargate:
        return service.on_fargate
    if not (absent(service.node, "LaunchType") and absent(service.node, "CapacityProviderStrategy")):
        return []
    definitions = service.task_definitions
    only = [known for known in definitions if {each.value for each in known.value.compatibilities} == {FARGATE}]
    return [known.when for known in only]


def public_registry(value: Value) -> str | None:
    """The public registry that an image comes from; None for others, and where it is not known."""
    text = skeleton(value)
    image = parse_image(text)
    if image is None or HOLE in image.repository or ecr_image(value):
        return None
    host, slash, _ = image.repository.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        return DOCKER_HUB
    return host if host in PUBLIC_REGISTRIES else None


def _found(_: Model) -> dict[Service, list[Need]]:
    return {}


def _needs_of(service: Service) -> Iterator[Need]:
    conditions = fargate(service)
    for known in service.task_definitions if conditions else ():
        for need in _of_definition(known.value):
            when = need.when | known.when
            if any(possible(when, condition) for condition in conditions):
                yield need._replace(when=when, assumed=need.assumed | known.assumed)
    for flag in flags(service.node, "EnableExecuteCommand") if conditions else ():
        if flag.value and any(possible(flag.when, condition) for condition in conditions):
            yield Need(EXEC, "the session of ECS Exec", flag.at, flag.when, flag.assumed)


def _of_definition(definition: TaskDefinition) -> Iterator[Need]:
    for container in definition.containers:
        yield from _of_image(container)
        yield from _of_logs(container)
        yield from _of_secrets(container)


def _of_image(container: Container) -> Iterator[Need]:
    for place, each in container.images:
        if ecr_image(each.value):
            for service in ECR:
                yield Need(service, f"the image of container `{container.label}`", place, each.when, each.assumed)
        elif registry := public_registry(each.value):
            of = f"the image of container `{container.label}` from {registry}"
            yield Need(INTERNET, of, place, each.when, each.assumed)


def _of_logs(container: Container) -> Iterator[Need]:
    for configuration in container.log_configurations:
        for driver in texts(configuration, "LogDriver"):
            if driver.value == "awslogs":
                yield Need("logs", f"the logs of container `{container.label}`", driver.at, driver.when, driver.assumed)


def _of_secrets(container: Container) -> Iterator[Need]:
    for use in uses(container):
        secret = parse(use.value)
        if secret:
            yield Need(secret.service, f"secret `{use.name}`", use.at, use.when, use.assumed)

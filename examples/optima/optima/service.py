"""One service of the catalogue."""

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from roadworthy.catalogue import ServiceEntry
from roadworthy.patterns import Image, ScheduledTask, ServiceAlarms, TaskOptions, waive

from .kinds import KINDS, web_sockets
from .shared import SharedStack

# What services.toml cannot say: those that run another's image, and the one that is no usual HTTP service.
COMMANDS = {"commerce-rq-worker": ["rq", "worker"], "commerce-rq-scheduler": ["rqscheduler"]}
PATTERNS = {"session-gateway": web_sockets}


class ServiceStack(cdk.Stack):
    """A service in a stack of its own, so that its deployment and its rollback are its own.

    Attributes:
        service: the pattern of its kind.
    """

    def __init__(
        self, scope: Construct, id: str, *, env: cdk.Environment, shared: SharedStack, entry: ServiceEntry, tag: str
    ) -> None:
        super().__init__(scope, id, env=env, description=f"{entry.service} in {entry.environment.name}")
        make = PATTERNS.get(entry.service, KINDS[entry.kind])
        self.service = make(self, shared, entry, self._task(shared, entry, tag))
        waive(self.service.task_definition, {"AwsSolutions-ECS2": "its environment's name and its domain: no secret"})
        self.service.connections.allow_to_default_port(shared.listener, "services by their names")
        if shared.topic is not None and not isinstance(self.service, ScheduledTask):
            ServiceAlarms(self, "Alarms", service=self.service, name=entry.name, topic=shared.topic)

    def _task(self, shared: SharedStack, entry: ServiceEntry, tag: str) -> TaskOptions:
        repository = ecr.Repository.from_repository_name(self, "Repository", entry.repository)
        return {
            "network": shared.network,
            "cluster": shared.cluster_of(entry.cluster),
            "name": entry.name,
            "image": Image.from_ecr(repository, tag=tag),
            "container_name": entry.container,
            "command": COMMANDS.get(entry.service),
            "cpu": entry.cpu,
            "memory_mib": entry.memory,
            "environment": {"ENVIRONMENT": entry.environment.name, "DOMAIN": shared.domain},
            "log_group": shared.logs.group(self, "Logs", f"/ecs/{entry.name}"),
        }

"""Where the parts of a deployment are built: the service's names, roles and network, and one way to make functions."""

import dataclasses
from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.packages import hook_package
from roadworthy.patterns.blue_green.traffic import Traffic
from roadworthy.patterns.fargate_task import FargateTask
from roadworthy.patterns.function import Function
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import shortened
from roadworthy.patterns.task_options import TaskSettings
from roadworthy.patterns.wildcards import waive_wildcards

_RETENTION_DAYS = 30
_LONGEST_FUNCTION = 64  # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
_MEMORY_MIB = 256


@dataclasses.dataclass(frozen=True, kw_only=True)
class Site:
    """What the parts of one service's deployment have in common.

    Attributes:
        scope: where they are made.
        task: the service's task: its cluster, roles and container.
        settings: the service.
        front: what stands in front of its tasks.
        traffic: what moves its traffic.
    """

    scope: Construct
    task: FargateTask
    settings: TaskSettings
    front: Front
    traffic: Traffic

    def function(
        self,
        id: str,
        package: str,
        *,
        timeout_seconds: int,
        environment: Mapping[str, str],
        in_network: bool = False,
    ) -> Function:
        """One of our functions, named after the service and the package; in the network it may reach nothing yet."""
        placement, suffix = self.settings.placement, package.replace("_", "-")
        return Function(
            self.scope,
            id,
            package=hook_package(package),
            shared=[hook_package("deployment_hook")],
            name=f"{shortened(self.settings.name, _LONGEST_FUNCTION - len(suffix) - 1)}-{suffix}",
            logs=ServiceLogs(retention_days=_RETENTION_DAYS, encryption_key=self.settings.encryption_key),
            timeout=cdk.Duration.seconds(timeout_seconds),
            memory_mib=_MEMORY_MIB,
            environment=environment,
            encryption_key=self.settings.encryption_key,
            vpc=placement.vpc if in_network else None,
            subnets=placement.subnets if in_network else None,
        )

    def service_arn(self) -> str:
        """By its literal name: what the service waits for cannot refer to the service."""
        return self._arn("service", f"{self.task.cluster.cluster_name}/{self.settings.name}")

    def deployment_arns(self) -> list[str]:
        """The service itself, and all its deployments."""
        return [self.service_arn(), self._of_service("service-deployment")]

    def revision_arns(self) -> list[str]:
        """The service itself, and all its revisions."""
        return [self.service_arn(), self._of_service("service-revision")]

    def task_arns(self) -> list[str]:
        """All tasks of the cluster: a task's ARN does not name its service."""
        return [self._arn("task", f"{self.task.cluster.cluster_name}/*")]

    def family_arns(self) -> list[str]:
        """All revisions of the task definition."""
        return [self._arn("task-definition", f"{self.settings.name}:*")]

    @property
    def in_cluster(self) -> Mapping[str, Mapping[str, str]]:
        """The condition of actions that take no resource, or a task definition alone."""
        return {"ArnEquals": {"ecs:cluster": self.task.cluster.cluster_arn}}

    def allow(
        self,
        function: Function,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        """Let a function do this; ARNs of what has no name yet end in `*`."""
        role = function.role
        assert isinstance(role, iam.Role)
        statement = iam.PolicyStatement(
            actions=list(actions), resources=list(resources), conditions=dict(conditions or {})
        )
        role.add_to_principal_policy(statement)
        waive_wildcards(role, resources, "what ECS makes of this service has names that nobody knows before")

    def _of_service(self, resource: str) -> str:
        return self._arn(resource, f"{self.task.cluster.cluster_name}/{self.settings.name}/*")

    def _arn(self, resource: str, name: str) -> str:
        return cdk.Stack.of(self.scope).format_arn(service="ecs", resource=resource, resource_name=name)

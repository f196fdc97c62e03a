"""What every pattern has in common: a task definition with its container, roles, logs and security group."""

from typing import cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct, IDependable

from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import group_description
from roadworthy.patterns.task_options import TaskSettings
from roadworthy.patterns.values import is_token
from roadworthy.patterns.waivers import waive

_RETENTION_DAYS = 30


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class FargateTask(Construct):
    """A task on Fargate; what runs it is added by the patterns below this class.

    It can be granted to and connected like any construct: `bucket.grant_read(task)`, `database.connections.
    allow_default_port_from(task)`.

    Args:
        scope: where it is made.
        id: its id.
        settings: the task.
        stop_timeout: how long the container may take to stop.
        health_check: the container's own; default: none.
        ports: what the container listens on; default: nothing.

    Attributes:
        cluster: the cluster.
        log_group: where the container's output goes.
        task_definition: the task definition.
        container: its only container.
        secrets: what the container gets from Secrets Manager and Parameter Store, by the names of the variables.
        security_group: the tasks' security group: nobody may come in, HTTPS may go out.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: TaskSettings,
        stop_timeout: cdk.Duration,
        health_check: ecs.HealthCheck | None = None,
        ports: list[ecs.PortMapping] | None = None,
    ) -> None:
        placement = settings.placement  # which may refuse; then nothing was made
        super().__init__(scope, id)
        self.placement = placement
        self.cluster: ecs.ICluster = settings.cluster or ecs.Cluster(
            self, "Cluster", vpc=self.placement.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
        )
        self.log_group: logs.ILogGroup = settings.log_group or ServiceLogs(
            retention_days=_RETENTION_DAYS, encryption_key=settings.encryption_key
        ).group(self, "Logs", f"/ecs/{settings.name}")
        self.secrets: dict[str, ecs.Secret] = dict(settings.secrets or {})
        self.task_definition = self._define_task(settings)
        self.container = self._add_container(settings, stop_timeout, health_check, ports or [])
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=self.placement.vpc,
            description=group_description("Tasks of", settings.name),
            allow_all_outbound=False,
        )

    @property
    def connections(self) -> ec2.Connections:
        """The tasks' own: whom they reach, and who reaches them past a load balancer."""
        return self.security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The task role: what is granted to this construct the container may do."""
        return self.task_definition.task_role.grant_principal

    @property
    def task_role(self) -> iam.IRole:
        """What the container may do."""
        return self.task_definition.task_role

    @property
    def execution_role(self) -> iam.IRole:
        """With which ECS pulls the image, writes logs and reads secrets."""
        return self.task_definition.obtain_execution_role()

    def _define_task(self, settings: TaskSettings) -> ecs.FargateTaskDefinition:
        return ecs.FargateTaskDefinition(
            self,
            "TaskDefinition",
            family=settings.name,
            cpu=settings.size.cpu,
            memory_limit_mib=settings.size.memory_mib,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=settings.architecture.cpu_architecture,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
            task_role=settings.task_role,
            execution_role=settings.execution_role,
        )

    def _add_container(
        self,
        settings: TaskSettings,
        stop_timeout: cdk.Duration,
        health_check: ecs.HealthCheck | None,
        ports: list[ecs.PortMapping],
    ) -> ecs.ContainerDefinition:
        return self.task_definition.add_container(
            "Container" if is_token(settings.container) else settings.container,
            container_name=settings.container,
            image=settings.container_image,
            command=list(settings.command) if settings.command else None,
            port_mappings=ports,
            environment=dict(settings.environment or {}),
            secrets=self.secrets,
            health_check=health_check,
            logging=ecs.LogDrivers.aws_logs(log_group=self.log_group, stream_prefix="ecs"),
            readonly_root_filesystem=settings.readonly,
            stop_timeout=stop_timeout,
        )

    def _needed(self, settings: TaskSettings, *, has_exec: bool = False) -> list[IDependable]:
        """What must be there before the first task: ECS starts pulling as soon as it is asked for one."""
        way = self.placement.connect(
            cast("ec2.IConnectable", self), has_secrets=bool(settings.secrets), has_exec=has_exec
        )
        role = self.execution_role
        needed: list[IDependable] = [*way, role, self.security_group]
        policy = role.node.try_find_child("DefaultPolicy")
        if policy is not None:
            needed.append(policy)
            if settings.execution_role is None:
                waive(role, {"AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken takes no resource in IAM"})
        return needed

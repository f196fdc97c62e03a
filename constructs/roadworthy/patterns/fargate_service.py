"""What every service has in common: the ECS service, complete where CDK's own leaves something to the user."""

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from roadworthy.patterns.fargate_task import FargateTask
from roadworthy.patterns.health_check import HealthCheck
from roadworthy.patterns.health_tokens import keep_in_container
from roadworthy.patterns.image import EcrImage
from roadworthy.patterns.names import shortened
from roadworthy.patterns.operate import ALL_VERBS, grant_operate
from roadworthy.patterns.redeploy import Changing, RedeployOnRotation
from roadworthy.patterns.service_options import ServiceSettings
from roadworthy.patterns.values import is_token
from roadworthy.patterns.waivers import waive

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
_LONGEST_ALIAS = 64


class FargateServicePattern(FargateTask):
    """A service on Fargate without a public address, whose deployments go back by themselves.

    Args:
        scope: where it is made.
        id: its id.
        settings: the service.
        stop_timeout: how long a container may take to stop.
        health_check: of the container, and of targets; default: none.
        port: what the container listens on; default: nothing.
        app_protocol: what is spoken there, for Service Connect; default: TCP.
        is_balanced: whether a load balancer sends it traffic.

    Attributes:
        service: the ECS service.
        scalable: what scales it; None where the count is fixed.
        redeploy: what `redeploy_on_rotation` made; None before.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: ServiceSettings,
        stop_timeout: cdk.Duration,
        health_check: HealthCheck | None = None,
        port: int | None = None,
        app_protocol: ecs.AppProtocol | None = None,
        is_balanced: bool = False,
    ) -> None:
        if not is_balanced:
            settings.how_replaced.refuse_unbalanced(settings.name)
        is_server = settings.namespace is not None and port is not None
        super().__init__(
            scope,
            id,
            settings=settings,
            stop_timeout=stop_timeout,
            health_check=health_check.container(port or 1) if health_check else None,
            ports=_ports(port, health_check, name=_alias(settings) if is_server else None, protocol=app_protocol),
        )
        if health_check is not None and health_check.words_for(port or 1) is not None:
            keep_in_container(self.task_definition, health_check)
        self.scalable: ecs.ScalableTaskCount | None = None
        self.redeploy: RedeployOnRotation | None = None
        self._image_repositories = [settings.image.repository] if isinstance(settings.image, EcrImage) else []
        self._alias = _alias(settings)
        self.service = self._make_service(settings, health_check)
        settings.how_replaced.attach(self.service)
        if settings.secrets_nonce is not None:
            self.service.force_new_deployment(settings.secrets_nonce)
        if settings.namespace is not None:
            self._join_namespace(settings, port)
        if settings.execute_command:
            self._complete_exec()
        self.service.node.add_dependency(*self._needed(settings, has_exec=settings.execute_command))

    def metric_cpu_utilization(
        self, *, period: cdk.Duration | None = None, statistic: str | None = None
    ) -> cloudwatch.Metric:
        """CPU use of the tasks in percent; by default the average of 5 minutes."""
        return self.service.metric_cpu_utilization(period=period, statistic=statistic)

    def metric_memory_utilization(
        self, *, period: cdk.Duration | None = None, statistic: str | None = None
    ) -> cloudwatch.Metric:
        """Memory use of the tasks in percent; by default the average of 5 minutes."""
        return self.service.metric_memory_utilization(period=period, statistic=statistic)

    def metric_running_tasks(
        self, *, period: cdk.Duration | None = None, statistic: str = "Minimum"
    ) -> cloudwatch.Metric:
        """How many tasks run, by Container Insights; by default the least of 5 minutes.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
        """
        return cloudwatch.Metric(
            namespace="ECS/ContainerInsights",
            metric_name="RunningTaskCount",
            dimensions_map={"ClusterName": self.cluster.cluster_name, "ServiceName": self.service.service_name},
            period=period,
            statistic=statistic,
        )

    def grant_operate(
        self,
        grantee: iam.IGrantable,
        *,
        verbs: Sequence[str] = ALL_VERBS,
        repositories: Sequence[ecr.IRepository] | None = None,
        log_groups: Sequence[logs.ILogGroup] | None = None,
    ) -> None:
        """Let `grantee` do with this service exactly what the verbs of the command line need.

        Args:
            grantee: a role, a user, a group.
            verbs: which; default: all. `READING_VERBS` change nothing.
            repositories: where its images are; default: that of its image, where it is in ECR.
            log_groups: where its output is; default: its own.

        Raises:
            UnknownVerbError: there is no such verb.
        """
        found = self._image_repositories if repositories is None else repositories
        grant_operate(self, grantee, verbs=verbs, repositories=found, log_groups=log_groups)

    def redeploy_on_rotation(self, *changing: Changing) -> None:
        """Start a new deployment whenever one of these has a new value; without, tasks keep the one they started with.

        Args:
            changing: secrets of Secrets Manager and parameters of Parameter Store, as the service's `secrets` has them.

        Raises:
            InvalidRedeployError: nothing, or what is neither.
        """
        self.redeploy = self.redeploy or RedeployOnRotation(self, "Redeploy", service=self)
        self.redeploy.watch(*changing)

    def _make_service(self, settings: ServiceSettings, health_check: HealthCheck | None) -> ecs.FargateService:
        deployment = settings.how_replaced
        if settings.capacity is not None and isinstance(self.cluster, ecs.Cluster):
            self.cluster.enable_fargate_capacity_providers()
        service = ecs.FargateService(
            self,
            "Service",
            service_name=settings.name,
            cluster=self.cluster,
            task_definition=self.task_definition,
            desired_count=settings.how_many.desired_count,
            assign_public_ip=False,
            vpc_subnets=self.placement.subnets,
            security_groups=[self.security_group],
            min_healthy_percent=deployment.min_healthy_percent,
            max_healthy_percent=deployment.max_percent,
            circuit_breaker=deployment.l2_circuit_breaker,
            health_check_grace_period=health_check.grace_period if health_check else None,
            availability_zone_rebalancing=deployment.zone_rebalancing,
            capacity_provider_strategies=settings.capacity.strategies() if settings.capacity else None,
            enable_execute_command=settings.execute_command or None,
            enable_ecs_managed_tags=True,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        if settings.capacity is not None and isinstance(self.cluster, ecs.Cluster):
            service.node.add_dependency(self.cluster)  # with it the association of its capacity providers
        return service

    def _join_namespace(self, settings: ServiceSettings, port: int | None) -> None:
        assert settings.namespace is not None
        found_as = [] if port is None else [_found_as(_alias(settings), port)]
        self.service.enable_service_connect(
            namespace=settings.namespace.namespace_arn,
            services=found_as,
            log_driver=ecs.LogDrivers.aws_logs(log_group=self.log_group, stream_prefix="service-connect"),
        )

    def _complete_exec(self) -> None:
        """CDK grants the task role its channels; processes of sessions also need somebody to reap them.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
        """
        resource = cast("ecs.CfnTaskDefinition", self.task_definition.node.default_child)
        resource.add_property_override("ContainerDefinitions.0.LinuxParameters.InitProcessEnabled", True)
        waive(self.task_role, {"AwsSolutions-IAM5[Resource::*]": "ssmmessages takes no resource in IAM"})

    def _allow_directly(self, client: ec2.IConnectable, port: int) -> None:
        """With Service Connect a client's proxy comes to the tasks themselves."""
        client.connections.allow_to(self.security_group, ec2.Port.tcp(port), "Service Connect")


def _alias(settings: ServiceSettings) -> str:
    """The name in the namespace, which is also the port's: lower case, at most 64 characters, no hyphen in front."""
    name = settings.name
    return name if is_token(name) else shortened(name.lower().lstrip("-"), _LONGEST_ALIAS)


def _found_as(alias: str, port: int) -> ecs.ServiceConnectService:
    # CDK takes no token for the port, and the port of the mapping where there is none.
    return ecs.ServiceConnectService(port_mapping_name=alias, dns_name=alias, port=None if is_token(port) else port)


def _ports(
    port: int | None, check: HealthCheck | None, *, name: str | None, protocol: ecs.AppProtocol | None
) -> list[ecs.PortMapping]:
    if port is None:
        return []
    traffic = ecs.PortMapping(
        container_port=port,
        protocol=ecs.Protocol.TCP,
        name=name,
        app_protocol=protocol if name else None,
    )
    checked = port if check is None else check.port_for(port)
    if checked == port:
        return [traffic]
    return [traffic, ecs.PortMapping(container_port=checked, protocol=ecs.Protocol.TCP)]

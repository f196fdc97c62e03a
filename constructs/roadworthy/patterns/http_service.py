"""A Fargate service that answers HTTP behind an internal Application Load Balancer."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct, IDependable

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.access_log_bucket import AccessLogBucket
from roadworthy.patterns.health_check import HealthCheck
from roadworthy.patterns.image import Image
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.private_network import PrivateNetwork
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.waivers import waive

_RETENTION_DAYS = 30
_ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


class DuplicateVariableError(RoadworthyError, ValueError):
    """A name stands in both `environment` and `secrets`; ECS refuses such a task definition."""


class HttpService(Construct):
    """A service on Fargate: isolated subnets, no public address, rolling deployments that roll back by themselves.

    Nobody may reach it until `connections` of its load balancer are opened: `service.allow_from(client)`.

    Args:
        scope: where it is made.
        id: its id.
        network: where it runs; the endpoints that its tasks need are opened for them, and awaited.
        name: the service's name, the task family's and the load balancer's.
        image: what it runs.
        port: the port that the container listens on.
        health_check: the one health check of container and target group.
        container_name: the container's name; default: the service's.
        cluster: the cluster, in the same network; default: a new one with Container Insights.
        log_group: where the container's output goes; default: `/ecs/<name>`, kept for 30 days.
        access_logs: the bucket of the load balancer's access logs; default: a new one, kept for 30 days.
        cpu: CPU units of the task, 1,024 to a vCPU.
        memory_mib: memory of the task in MiB.
        environment: the container's variables.
        secrets: the container's secrets; no name may stand in both.
        scaling: how many tasks; the service starts with the fewest.
        longest_request: how long one request may take. A task that is stopped first gets no new requests for this
            long, then as long again to end those in hand.
        deletion_protection: whether the load balancer refuses to be deleted.

    Attributes:
        load_balancer, listener, target_group, task_definition, container, service, log_group,
            security_group: what it is made of.

    Raises:
        DuplicateVariableError: a name stands in both `environment` and `secrets`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        network: PrivateNetwork,
        name: str,
        image: Image,
        port: int,
        health_check: HealthCheck,
        container_name: str | None = None,
        cluster: ecs.ICluster | None = None,
        log_group: logs.ILogGroup | None = None,
        access_logs: s3.IBucket | None = None,
        cpu: int = 256,
        memory_mib: int = 512,
        environment: Mapping[str, str] | None = None,
        secrets: Mapping[str, ecs.Secret] | None = None,
        scaling: Scaling | None = None,
        longest_request: cdk.Duration | None = None,
        deletion_protection: bool = False,
    ) -> None:
        _refuse_duplicates(environment or {}, secrets or {})
        super().__init__(scope, id)
        container_name = container_name or name
        cluster = cluster or ecs.Cluster(
            self, "Cluster", vpc=network.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
        )
        defaults = ServiceLogs(retention_days=_RETENTION_DAYS)
        self.log_group = log_group or defaults.group(self, "Logs", f"/ecs/{name}")
        access_logs = access_logs or AccessLogBucket(self, "AccessLogs", retention_days=_RETENTION_DAYS)
        scaling = scaling or Scaling()
        drain = longest_request or cdk.Duration.seconds(30)
        self.task_definition = ecs.FargateTaskDefinition(
            self,
            "TaskDefinition",
            family=name,
            cpu=cpu,
            memory_limit_mib=memory_mib,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.X86_64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
        )
        self.container = self.task_definition.add_container(
            container_name,
            container_name=container_name,
            image=image.for_container(),
            port_mappings=[ecs.PortMapping(container_port=port, protocol=ecs.Protocol.TCP)],
            environment=dict(environment or {}),
            secrets=dict(secrets or {}),
            health_check=health_check.container(port),
            logging=ecs.LogDrivers.aws_logs(log_group=self.log_group, stream_prefix="ecs"),
            readonly_root_filesystem=True,
            stop_timeout=drain,
        )
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=network.vpc, description=f"Tasks of {name}", allow_all_outbound=False
        )
        self.service = ecs.FargateService(
            self,
            "Service",
            service_name=name,
            cluster=cluster,
            task_definition=self.task_definition,
            desired_count=scaling.min,
            assign_public_ip=False,
            vpc_subnets=_ISOLATED,
            security_groups=[self.security_group],
            min_healthy_percent=100,
            max_healthy_percent=200,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            health_check_grace_period=health_check.grace_period,
            availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
            enable_ecs_managed_tags=True,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        self.load_balancer, self.listener, self.target_group = self._balance(
            vpc=network.vpc,
            name=name,
            port=port,
            health_check=health_check,
            drain=drain,
            access_logs=access_logs,
            deletion_protection=deletion_protection,
        )
        self._scale(scaling)
        self._connect(network, has_secrets=bool(secrets))

    def allow_from(self, client: ec2.IConnectable) -> None:
        """Let `client` send requests to the load balancer."""
        client.connections.allow_to(self.load_balancer, ec2.Port.tcp(80), "requests")

    @property
    def url(self) -> str:
        """Where the load balancer is reached, without a slash at its end."""
        return f"http://{self.load_balancer.load_balancer_dns_name}"

    def _balance(
        self,
        *,
        vpc: ec2.IVpc,
        name: str,
        port: int,
        health_check: HealthCheck,
        drain: cdk.Duration,
        access_logs: s3.IBucket,
        deletion_protection: bool,
    ) -> tuple[elbv2.ApplicationLoadBalancer, elbv2.ApplicationListener, elbv2.ApplicationTargetGroup]:
        load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            load_balancer_name=name,
            vpc=vpc,
            vpc_subnets=_ISOLATED,
            internet_facing=False,
            drop_invalid_header_fields=True,
            deletion_protection=deletion_protection,
        )
        load_balancer.log_access_logs(access_logs, name)
        listener = load_balancer.add_listener("Http", port=80, open=False)
        target_group = listener.add_targets(
            "Tasks",
            port=port,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[
                self.service.load_balancer_target(container_name=self.container.container_name, container_port=port)
            ],
            health_check=health_check.target_group(port),
            deregistration_delay=drain,
        )
        return load_balancer, listener, target_group

    def _scale(self, scaling: Scaling) -> None:
        tasks = self.service.auto_scale_task_count(min_capacity=scaling.min, max_capacity=scaling.max)
        tasks.scale_on_cpu_utilization("Cpu", target_utilization_percent=scaling.cpu_percent)
        tasks.scale_on_memory_utilization("Memory", target_utilization_percent=scaling.memory_percent)

    def _connect(self, network: PrivateNetwork, *, has_secrets: bool) -> None:
        """Make what a task needs before there is a task: ECS starts pulling as soon as the service exists."""
        network.allow_from(self.service)
        if has_secrets:
            network.reach_secrets()
        role = self.task_definition.obtain_execution_role()
        before: list[IDependable] = [network, role, self.listener]
        policy = role.node.try_find_child("DefaultPolicy")
        if policy is not None:
            before.append(policy)
            waive(role, {"AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken takes no resource in IAM"})
        self.service.node.add_dependency(*before)


def _refuse_duplicates(environment: Mapping[str, str], secrets: Mapping[str, ecs.Secret]) -> None:
    both = sorted(environment.keys() & secrets.keys())
    if both:
        raise DuplicateVariableError(
            f"{', '.join(both)}: in both environment and secrets; ECS takes each name once, so remove it from one"
        )

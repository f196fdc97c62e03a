"""A Fargate service that answers HTTP behind an internal Application Load Balancer."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct, IDependable

from roadworthy.patterns.access_log_bucket import AccessLogBucket
from roadworthy.patterns.deployment import Deployment
from roadworthy.patterns.health_check import HealthCheck, HttpHealthCheck
from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.image import Image
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.private_network import PrivateNetwork
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.task_size import Architecture, TaskSize
from roadworthy.patterns.variables import refuse_variables
from roadworthy.patterns.waivers import waive

_RETENTION_DAYS = 30
_ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


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
        architecture: the task's processor; an image that is an asset is built for it.
        environment: the container's variables.
        secrets: the container's secrets; no name may stand in both.
        scaling: how many tasks; default: 2 to 10, by CPU and memory.
        deployment: how they are replaced; default: rolling, back when tasks fail.
        longest_request: how long one request may take. A task that is stopped first gets no new requests for this
            long, then as long again to end those in hand.
        deletion_protection: whether the load balancer refuses to be deleted.

    Attributes:
        load_balancer, listener, target_group, task_definition, container, service, log_group,
            security_group: what it is made of.

    Raises:
        DuplicateVariableError: a name stands in both `environment` and `secrets`.
        InvalidTaskSizeError: Fargate has no such pair of CPU and memory.
        InvalidDeploymentError: with so many tasks no deployment could proceed.
        InvalidHealthCheckError: the load balancer cannot check so.
        InvalidImageError: the image is built for another architecture.
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
        architecture: Architecture = Architecture.X86_64,
        environment: Mapping[str, str] | None = None,
        secrets: Mapping[str, ecs.Secret] | None = None,
        scaling: Scaling | None = None,
        deployment: Deployment | None = None,
        longest_request: cdk.Duration | None = None,
        deletion_protection: bool = False,
    ) -> None:
        container_name = container_name or name
        scaling, deployment = scaling or Scaling(), deployment or Deployment.rolling()
        size = TaskSize(cpu=cpu, memory_mib=memory_mib)
        container_image = image.for_container(architecture)
        refuse_variables(environment or {}, secrets or {}, container=container_name)
        deployment.refuse_scaling(scaling)
        _refuse_other_than_http(name, health_check)
        super().__init__(scope, id)
        cluster = cluster or ecs.Cluster(
            self, "Cluster", vpc=network.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
        )
        defaults = ServiceLogs(retention_days=_RETENTION_DAYS)
        self.log_group = log_group or defaults.group(self, "Logs", f"/ecs/{name}")
        access_logs = access_logs or AccessLogBucket(self, "AccessLogs", retention_days=_RETENTION_DAYS)
        drain = longest_request or cdk.Duration.seconds(30)
        self.task_definition = ecs.FargateTaskDefinition(
            self,
            "TaskDefinition",
            family=name,
            cpu=size.cpu,
            memory_limit_mib=size.memory_mib,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=architecture.cpu_architecture,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
        )
        self.container = self.task_definition.add_container(
            container_name,
            container_name=container_name,
            image=container_image,
            port_mappings=[
                ecs.PortMapping(container_port=each, protocol=ecs.Protocol.TCP)
                for each in dict.fromkeys([port, health_check.port_for(port)])
            ],
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
            desired_count=scaling.desired_count,
            assign_public_ip=False,
            vpc_subnets=_ISOLATED,
            security_groups=[self.security_group],
            min_healthy_percent=deployment.min_healthy_percent,
            max_healthy_percent=deployment.max_percent,
            circuit_breaker=deployment.l2_circuit_breaker,
            health_check_grace_period=health_check.grace_period,
            availability_zone_rebalancing=deployment.zone_rebalancing,
            enable_ecs_managed_tags=True,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        deployment.attach(self.service)
        self.load_balancer, self.listener, self.target_group = self._balance(
            vpc=network.vpc,
            name=name,
            port=port,
            health_check=health_check,
            drain=drain,
            access_logs=access_logs,
            deletion_protection=deletion_protection,
        )
        scaling.attach(self.service, target_group=self.target_group)
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
        if health_check.port_for(port) != port:  # CDK lets the load balancer reach the traffic's port alone
            checks = ec2.Port.tcp(health_check.port_for(port))
            load_balancer.connections.allow_to(self.service, checks, "health checks")
        return load_balancer, listener, target_group

    def _connect(self, network: PrivateNetwork, *, has_secrets: bool) -> None:
        """Make what a task needs before there is a task: ECS starts pulling as soon as the service exists."""
        network.allow_from(self.service)
        if has_secrets:
            network.reach_secrets()
        role = self.task_definition.obtain_execution_role()
        # The groups stand for their rules: without those the load balancer finds no task healthy.
        groups = [self.security_group, *self.load_balancer.connections.security_groups]
        before: list[IDependable] = [network, role, self.listener, *groups]
        policy = role.node.try_find_child("DefaultPolicy")
        if policy is not None:
            before.append(policy)
            waive(role, {"AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken takes no resource in IAM"})
        self.service.node.add_dependency(*before)


def _refuse_other_than_http(name: str, check: HealthCheck) -> None:
    # gRPC needs an HTTPS listener:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
    if not isinstance(check, HttpHealthCheck):
        raise InvalidHealthCheckError(
            f"service `{name}`: its load balancer asks over HTTP; give HealthCheck.http(path)"
        )

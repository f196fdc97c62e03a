"""A Fargate service that speaks neither HTTP nor gRPC: a connection pooler, a cache, a broker."""

from typing import TYPE_CHECKING, Unpack

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from roadworthy.patterns.balancing import balancer_name
from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.network_traffic import NetworkSide
from roadworthy.patterns.blue_green.traffic_shift import TrafficShift
from roadworthy.patterns.draining import drain_time
from roadworthy.patterns.fargate_service import FargateServicePattern
from roadworthy.patterns.health_check import GrpcHealthCheck, HealthCheck
from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.health_tokens import keep_in_group, port_of_checks
from roadworthy.patterns.names import group_description
from roadworthy.patterns.service_options import InvalidServiceError, ServiceOptions, ServiceSettings
from roadworthy.patterns.waivers import waive
from roadworthy.patterns.worker_service import refuse_requests

if TYPE_CHECKING:
    from roadworthy.patterns.blue_green.traffic import TestListener


class TcpService(FargateServicePattern):
    """A service on Fargate behind an internal Network Load Balancer, in a Service Connect namespace, or both.

    Nobody may reach it until `service.allow_from(client)`. The load balancer has a security group: one that was made
    without can never get one, and the tasks would have to let its addresses in.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html

    Args:
        scope: where it is made.
        id: its id.
        port: the port that the container listens on.
        health_check: the one health check of container and target group; default: the load balancer opens a
            connection, and the container checks nothing itself, since its image may have no program for that.
        listener_port: the load balancer's port; default: `port`.
        network_load_balancer: whether there is a load balancer; without one it takes a `namespace`, and only services
            of that namespace reach it, by its name.
        stop_timeout: how long open connections may go on when a task is stopped, and how long the container may then
            take to end, 2 to 120 s each; default: 30 s.
        deletion_protection: whether the load balancer refuses to be deleted.
        options: the attributes of `ServiceSettings`.

    Attributes:
        load_balancer, load_balancer_security_group, listener, target_group: what connections come through; None
            without a load balancer.
        second_target_group: the other one, between which blue/green deployments move the traffic; None without.
        test_listener: through which the new version is reached before it has the traffic; None without.
        service, scalable, cluster, task_definition, container, log_group, security_group: what it is made of.

    Raises:
        InvalidHealthCheckError: a Network Load Balancer cannot check so.
        InvalidScalingError: it scales by requests, of which it gets none.
        InvalidServiceError: it has neither a load balancer nor a namespace, or a port is none.
        InvalidTimeoutError: a time is out of its range.
        RoadworthyError: what `ServiceSettings` and `TaskSettings` raise.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        port: int,
        health_check: HealthCheck | None = None,
        listener_port: int | None = None,
        network_load_balancer: bool = True,
        stop_timeout: cdk.Duration | None = None,
        deletion_protection: bool = False,
        **options: Unpack[ServiceOptions],
    ) -> None:
        settings = ServiceSettings(**options)
        settings.refuse_port("port", port)
        outside = port if listener_port is None else listener_port
        settings.refuse_port("listener_port", outside)
        check = health_check or HealthCheck.tcp(probe=None)
        _refuse(settings, check, port, network_load_balancer=network_load_balancer)
        refuse_requests(settings)
        drain = drain_time(f"service `{settings.name}`: stop_timeout", stop_timeout)
        front = Front(
            name=settings.name, port=port, check=check, drain=drain, is_network=True, listener_ports=(outside,)
        )
        shift = settings.how_replaced.behind(front, settings) if network_load_balancer else None
        super().__init__(
            scope,
            id,
            settings=settings,
            stop_timeout=drain,
            health_check=check,
            port=port,
            is_balanced=network_load_balancer,
        )
        self._port, self._in_namespace = port, settings.namespace is not None
        self.listener_port = outside
        self.load_balancer: elbv2.NetworkLoadBalancer | None = None
        self.load_balancer_security_group: ec2.SecurityGroup | None = None
        self.listener: elbv2.NetworkListener | None = None
        self.target_group: elbv2.NetworkTargetGroup | None = None
        self.second_target_group: elbv2.NetworkTargetGroup | None = None
        self.test_listener: TestListener | None = None
        if network_load_balancer:
            self._balance(settings, check, drain, shift, deletion_protection=deletion_protection)
        self.scalable = settings.how_many.attach(self.service)

    @property
    def address(self) -> str:
        """Where it is reached, as `host:port`: the load balancer's, or its name in the namespace."""
        if self.load_balancer is None:
            return f"{self._alias}:{self._port}"
        return f"{self.load_balancer.load_balancer_dns_name}:{self.listener_port}"

    def allow_from(self, client: ec2.IConnectable) -> None:
        """Let `client` connect: to the load balancer, and with Service Connect to the tasks."""
        if self.load_balancer_security_group is not None:
            port = ec2.Port.tcp(self.listener_port)
            client.connections.allow_to(self.load_balancer_security_group, port, "connections")
        if self._in_namespace:
            self._allow_directly(client, self._port)

    def _balance(
        self,
        settings: ServiceSettings,
        check: HealthCheck,
        drain: cdk.Duration,
        shift: TrafficShift | None,
        *,
        deletion_protection: bool,
    ) -> None:
        name, vpc = settings.name, settings.placement.vpc
        group = ec2.SecurityGroup(
            self,
            "LoadBalancerSecurityGroup",
            vpc=vpc,
            description=group_description("Load balancer of", name),
            allow_all_outbound=False,
        )
        balancer = elbv2.NetworkLoadBalancer(
            self,
            "LoadBalancer",
            load_balancer_name=balancer_name(name),
            vpc=vpc,
            vpc_subnets=settings.placement.subnets,
            internet_facing=False,
            cross_zone_enabled=True,
            security_groups=[group],
            deletion_protection=deletion_protection,
        )
        waive(balancer, {"AwsSolutions-ELB2": "a Network Load Balancer logs TLS listeners alone"})
        self.load_balancer, self.load_balancer_security_group = balancer, group
        self.listener = balancer.add_listener("Tcp", port=self.listener_port, protocol=elbv2.Protocol.TCP)
        self.target_group = self._add_targets(settings, self.listener, check, drain)
        if shift is None:
            self.listener.add_target_groups("Tasks", self.target_group)
        group.connections.allow_to(self.security_group, ec2.Port.tcp(self._port), "connections and health checks")
        if check.port_for(self._port) != self._port:
            group.connections.allow_to(self.security_group, port_of_checks(check.port_for(self._port)), "health checks")
        self.service.node.add_dependency(self.listener, group)
        if shift is not None:
            second = self._add_targets(settings, self.listener, check, drain, is_second=True)
            side = NetworkSide(
                deployment=shift.deployment,
                balancer=balancer,
                listener=self.listener,
                groups=[self.target_group, second],
                connections=group,
            )
            traffic = side.build()
            self.second_target_group, self.test_listener = second, traffic.test
            shift.attach(self, self.service, traffic)

    def _add_targets(
        self,
        settings: ServiceSettings,
        listener: elbv2.NetworkListener,
        check: HealthCheck,
        drain: cdk.Duration,
        *,
        is_second: bool = False,
    ) -> elbv2.NetworkTargetGroup:
        target = self.service.load_balancer_target(container_name=settings.container, container_port=self._port)
        group = elbv2.NetworkTargetGroup(
            listener,
            "OtherTasksGroup" if is_second else "TasksGroup",
            vpc=settings.placement.vpc,
            port=self._port,
            protocol=elbv2.Protocol.TCP,
            target_type=elbv2.TargetType.IP,
            targets=[] if is_second else [target],  # ECS itself registers tasks in a second one
            health_check=check.target_group(self._port),
            deregistration_delay=drain,
        )
        # A pooled connection lasts for days; without this it would go on to a task that is about to end.
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
        group.set_attribute("deregistration_delay.connection_termination.enabled", "true")
        keep_in_group(group, check)
        return group


def _refuse(settings: ServiceSettings, check: HealthCheck, port: int, *, network_load_balancer: bool) -> None:
    where = f"service `{settings.name}`:"
    if not isinstance(check, HealthCheck) or isinstance(check, GrpcHealthCheck):
        raise InvalidHealthCheckError(
            f"{where} a Network Load Balancer does not check so; give HealthCheck.tcp() or .http(path)"
        )
    if network_load_balancer:
        check.target_group(port)
    elif settings.namespace is None:
        raise InvalidServiceError(
            f"{where} network_load_balancer = False without a namespace: nobody could find it; give namespace=..."
        )

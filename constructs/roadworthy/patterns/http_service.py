"""A Fargate service that answers HTTP, gRPC or WebSockets behind an Application Load Balancer."""

from typing import Unpack, cast

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from roadworthy.patterns.balancing import HTTP, HTTPS, Balancing, UnknownLoadBalancerError
from roadworthy.patterns.draining import drain_time
from roadworthy.patterns.fargate_service import FargateServicePattern
from roadworthy.patterns.health_check import GrpcHealthCheck, HealthCheck
from roadworthy.patterns.resources import refuse_other_kinds
from roadworthy.patterns.route import Route
from roadworthy.patterns.service_options import ServiceOptions, ServiceSettings


class HttpService(FargateServicePattern):
    """A service on Fargate behind a load balancer: its own, internal or public, or a listener that it shares.

    Tasks have no public address, and nobody may reach an internal service until `service.allow_from(client)`.

    Args:
        scope: where it is made.
        id: its id.
        port: the port that the container listens on.
        health_check: the one health check of container and target group: `HealthCheck.http`, or `.grpc` where the
            service speaks gRPC.
        public: whether the load balancer is reached from the internet; it needs a certificate and public subnets.
        certificate: serves HTTPS, and redirects from HTTP; default: plain HTTP within the network.
        domain_name: the name that the certificate is for, which `url` is made of; default: the load balancer's.
        load_balancer: a load balancer that gets a listener for the service; default: a new one.
        listener: a listener that the service shares with others; it needs `route`.
        route: which requests of that listener are the service's.
        idle_timeout: how long a connection may be silent, 1 to 4,000 s; for WebSockets longer than the time between
            two pings. Default: 60 s, and always longer than `longest_request`.
        stickiness: how long a client stays with its task, by a cookie of the load balancer, 1 s to 7 days; default:
            each request goes to any task.
        longest_request: how long one request may take, 2 to 120 s; default: 30 s. A task that is stopped first gets
            no new requests for this long, then as long again to end those in hand.
        access_logs: the bucket of the load balancer's access logs; default: a new one, kept for 30 days.
        deletion_protection: whether the load balancer refuses to be deleted.
        options: the attributes of `ServiceSettings`.

    Attributes:
        listener, target_group: what requests come through.
        second_target_group: the other one, between which blue/green deployments move the traffic; None without.
        test_listener: through which the new version is reached before it has the traffic: its `url`, and
            `test_listener.allow_from(client)`; None without.
        service, scalable, cluster, task_definition, container, log_group, security_group: what it is made of.

    Raises:
        InvalidHealthCheckError: the load balancer cannot check so.
        InvalidListenerError: options contradict each other, or the stack has no region.
        InvalidNetworkError: it is public, and the VPC has no public subnets.
        InvalidResourceError: an option that takes a resource was given something else, as its name.
        InvalidServiceError: the port is none.
        InvalidTimeoutError: a time is out of its range.
        RoadworthyError: what `ServiceSettings` and `TaskSettings` raise.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        port: int,
        health_check: HealthCheck,
        public: bool = False,
        certificate: acm.ICertificate | None = None,
        domain_name: str | None = None,
        load_balancer: elbv2.IApplicationLoadBalancer | None = None,
        listener: elbv2.IApplicationListener | None = None,
        route: Route | None = None,
        idle_timeout: cdk.Duration | None = None,
        stickiness: cdk.Duration | None = None,
        longest_request: cdk.Duration | None = None,
        access_logs: s3.IBucket | None = None,
        deletion_protection: bool = False,
        **options: Unpack[ServiceOptions],
    ) -> None:
        settings = ServiceSettings(**options)
        settings.refuse_port("port", port)
        drain = drain_time(f"service `{settings.name}`: longest_request", longest_request)
        balancing = Balancing(
            public=public,
            certificate=certificate,
            load_balancer=load_balancer,
            listener=listener,
            route=route,
            idle_timeout=idle_timeout,
            stickiness=stickiness,
            access_logs=access_logs,
            deletion_protection=deletion_protection,
        )
        refuse_other_kinds(f"service `{settings.name}`:", balancing)
        balancing.refuse(settings.name, health_check)
        balancing.refuse_place(scope, settings.name, settings.placement)
        shift = settings.how_replaced.behind(
            balancing.front(settings.name, port, health_check, drain, domain_name=domain_name), settings
        )
        protocol = ecs.AppProtocol.grpc if isinstance(health_check, GrpcHealthCheck) else ecs.AppProtocol.http
        super().__init__(
            scope,
            id,
            settings=settings,
            stop_timeout=drain,
            health_check=health_check,
            port=port,
            app_protocol=cast("ecs.AppProtocol", protocol),  # CDK's own types take it for a method
            is_balanced=True,
        )
        balanced = balancing.build(
            self,
            name=settings.name,
            placement=settings.placement,
            service=self.service,
            target=self.service.load_balancer_target(container_name=settings.container, container_port=port),
            port=port,
            check=health_check,
            drain=drain,
            deployment=shift.deployment if shift else None,
        )
        self.listener, self.target_group = balanced.listener, balanced.target_group
        self.second_target_group = balanced.second_group
        self._load_balancer, self._shares, self._domain_name = balanced.load_balancer, listener is not None, domain_name
        self._secure, self._host = certificate is not None, route.host if route else None
        self._port = port if settings.namespace is not None else None
        self.scalable = settings.how_many.attach(self.service, target_group=self.target_group)
        # The groups stand for their rules: without those the load balancer finds no task healthy.
        self.service.node.add_dependency(*balanced.before, *self.listener.connections.security_groups)
        self.test_listener = balanced.traffic.test if balanced.traffic else None
        if shift is not None and balanced.traffic is not None:
            shift.attach(self, self.service, balanced.traffic)

    @property
    def load_balancer(self) -> elbv2.IApplicationLoadBalancer:
        """The load balancer.

        Raises:
            UnknownLoadBalancerError: the listener that it shares was imported, and does not tell.
        """
        if self._load_balancer is None:
            raise UnknownLoadBalancerError(f"{self.node.path}: an imported listener does not tell its load balancer")
        return self._load_balancer

    @property
    def url(self) -> str:
        """Where it is reached, without a slash at its end.

        Raises:
            UnknownLoadBalancerError: it shares an imported listener, and neither `domain_name` nor `route` has a host.
        """
        secure = self._secure or (self._shares and _port_of(self.listener) == str(HTTPS))
        host = self._domain_name or self._host or self.load_balancer.load_balancer_dns_name
        return f"{'https' if secure else 'http'}://{host}"

    def allow_from(self, client: ec2.IConnectable) -> None:
        """Let `client` send requests to the load balancer, and with Service Connect to the tasks.

        Raises:
            UnknownLoadBalancerError: it shares an imported listener, whose port was not named.
        """
        if self._port is not None:
            self._allow_directly(client, self._port)
        if not self._shares:
            port = ec2.Port.tcp(HTTPS if self._secure else HTTP)
            client.connections.allow_to(self.load_balancer, port, "requests")
        elif _port_of(self.listener) is None:
            raise UnknownLoadBalancerError(
                f"{self.node.path}: an imported listener does not tell its port: give it default_port"
            )
        else:
            client.connections.allow_to_default_port(self.listener, "requests")


def _port_of(listener: elbv2.IApplicationListener) -> str | None:
    port = listener.connections.default_port
    return None if port is None else port.to_string()

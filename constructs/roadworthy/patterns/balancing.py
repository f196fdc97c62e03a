"""The load balancer of an HTTP service: its own, or a listener that it shares."""

import dataclasses
import re
from typing import NamedTuple

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.access_log_bucket import AccessLogBucket
from roadworthy.patterns.blue_green.address import is_public
from roadworthy.patterns.blue_green.application_traffic import LAST_PRIORITY, ApplicationSide
from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.shifting import ShiftingDeployment
from roadworthy.patterns.blue_green.traffic import Traffic
from roadworthy.patterns.draining import refuse_duration
from roadworthy.patterns.health_check import GrpcHealthCheck, HealthCheck, HttpHealthCheck
from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.health_tokens import port_of_checks
from roadworthy.patterns.http_targets import HttpTargets
from roadworthy.patterns.placement import Placement
from roadworthy.patterns.private_network import InvalidNetworkError
from roadworthy.patterns.route import Route
from roadworthy.patterns.values import is_token
from roadworthy.patterns.waivers import waive

HTTP, HTTPS = 80, 443
_RETENTION_DAYS = 30
_REDIRECT = "Redirect"
_IDLE = 60  # seconds after which a load balancer closes a silent connection, where it is not told otherwise
_LONGEST_IDLE, _LONGEST_COOKIE = 4_000, 7 * 24 * 3_600
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
_BALANCER_NAME = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)")


class InvalidListenerError(RoadworthyError, ValueError):
    """Options of a load balancer that contradict each other."""


class UnknownLoadBalancerError(RoadworthyError, AttributeError):
    """What an imported listener does not tell: its load balancer, or its port."""


class Balanced(NamedTuple):
    """What requests come through.

    Attributes:
        listener: the listener, own or shared.
        target_group: the tasks behind it.
        load_balancer: the load balancer; None where a shared listener does not tell.
        before: what a service must come after.
        second_group: where the other version is, where the service is deployed blue/green.
        traffic: what then moves the traffic.
    """

    listener: elbv2.IApplicationListener
    target_group: elbv2.ApplicationTargetGroup
    load_balancer: elbv2.IApplicationLoadBalancer | None
    before: list[Construct]
    second_group: elbv2.ApplicationTargetGroup | None = None
    traffic: Traffic | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Balancing:
    """The options of an `HttpService` that concern its load balancer; it documents them."""

    public: bool = False
    certificate: acm.ICertificate | None = None
    load_balancer: elbv2.IApplicationLoadBalancer | None = None
    listener: elbv2.IApplicationListener | None = None
    route: Route | None = None
    idle_timeout: cdk.Duration | None = None
    stickiness: cdk.Duration | None = None
    access_logs: s3.IBucket | None = None
    deletion_protection: bool = False

    def refuse(self, name: str, check: HealthCheck) -> None:
        """Refuse options that contradict each other.

        Raises:
            InvalidListenerError, InvalidHealthCheckError, InvalidTimeoutError: they do.
        """
        where = f"service `{name}`:"
        refuse_duration(f"{where} idle_timeout", self.idle_timeout, 1, _LONGEST_IDLE)
        refuse_duration(f"{where} stickiness", self.stickiness, 1, _LONGEST_COOKIE)
        self._refuse_shared(where)
        if self.public and self.certificate is None:
            raise InvalidListenerError(f"{where} public = True needs a certificate: anybody could read its traffic")
        if self.load_balancer is not None:
            _refuse_taken(where, self.load_balancer, secure=self.certificate is not None)
        self._refuse_check(where, check)

    def front(self, name: str, port: int, check: HealthCheck, drain: cdk.Duration, *, domain_name: str | None) -> Front:
        """What a deployment must know of it."""
        shared = self.listener.load_balancer if isinstance(self.listener, elbv2.ApplicationListener) else None
        owned = self.listener is None
        known = shared or self.load_balancer
        return Front(
            name=name,
            port=port,
            check=check,
            drain=drain,
            is_public=self.public or is_public(known),
            is_secure=self.certificate is not None,
            domain_name=domain_name,
            is_sticky=self.stickiness is not None,
            route=self.route,
            listener_ports=((HTTP, HTTPS) if self.certificate is not None else (HTTP,)) if owned else (),
            takes_listener=owned or (shared is not None and not isinstance(check, GrpcHealthCheck)),
            balancer_path=known.node.path if known is not None else "" if owned else None,
            balancer=known,
        )

    def refuse_place(self, scope: Construct, name: str, placement: Placement) -> None:
        """Refuse a network in which no public load balancer can be, and a stack of no region.

        Raises:
            InvalidListenerError: CDK must know the region of a load balancer that logs.
            InvalidNetworkError: there are no public subnets.
        """
        stack = cdk.Stack.of(scope)
        if self.listener is None and self.load_balancer is None and is_token(stack.region):
            raise InvalidListenerError(
                f"service `{name}`: stack {stack.stack_name} has no region, which its load balancer's access logs "
                "need; give the stack env=cdk.Environment(region=...)"
            )
        if self.public and not placement.vpc.public_subnets:
            raise InvalidNetworkError(
                f"service `{name}`: public = True, and VPC {placement.vpc.node.path} has no public subnets for a load "
                "balancer"
            )

    def _refuse_shared(self, where: str) -> None:
        owned = ("public", "idle_timeout", "access_logs", "deletion_protection")
        foreign = "listener" if self.listener else "load_balancer" if self.load_balancer else None
        of_listener = ("certificate", "load_balancer") if self.listener else ()
        for option in (*owned, *of_listener) if foreign else ():
            if getattr(self, option):
                raise InvalidListenerError(f"{where} {option} belongs to the owner of {foreign}; leave it out")
        if self.route is not None and not isinstance(self.route, Route):
            raise InvalidListenerError(f"{where} route = {self.route!r} is no Route")
        if (self.listener is None) != (self.route is None):
            raise InvalidListenerError(
                f"{where} "
                + ("a shared listener needs route=Route(...)" if self.listener else "route needs listener=...")
            )

    def _refuse_check(self, where: str, check: HealthCheck) -> None:
        if not isinstance(check, HttpHealthCheck | GrpcHealthCheck):
            raise InvalidHealthCheckError(
                f"{where} its load balancer asks over HTTP or gRPC; give HealthCheck.http(path) or HealthCheck.grpc()"
            )
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
        if isinstance(check, GrpcHealthCheck) and self.certificate is None and self.listener is None:
            raise InvalidHealthCheckError(
                f"{where} HealthCheck.grpc() needs an HTTPS listener; give certificate=... or HealthCheck.http(path)"
            )

    def build(
        self,
        scope: Construct,
        *,
        name: str,
        placement: Placement,
        service: ecs.FargateService,
        target: ecs.IEcsLoadBalancerTarget,
        port: int,
        check: HealthCheck,
        drain: cdk.Duration,
        deployment: ShiftingDeployment | None = None,
    ) -> Balanced:
        """Put `service` behind it; with a deployment that moves its traffic, behind two target groups."""
        targets = HttpTargets(
            port=port,
            target=target,
            check=check,
            drain=drain,
            stickiness=self.stickiness,
        )
        if self.listener is not None:
            made = self._share(scope, self.listener, placement.vpc, targets)
        else:
            made = self._own(scope, name, placement, targets)
        if deployment is not None:
            made = self._double(scope, made, placement.vpc, targets, deployment)
        elif self.route is not None:
            made.before.append(self._rule(scope, made, self.route))
        if check.port_for(port) != port:  # CDK lets the load balancer reach the traffic's port alone
            # From the service's side: then the rules are in its stack, whatever stack the listener is in.
            service.connections.allow_from(made.listener, port_of_checks(check.port_for(port)), "health checks")
        return made

    def _double(
        self, scope: Construct, made: Balanced, vpc: ec2.IVpc, targets: HttpTargets, deployment: ShiftingDeployment
    ) -> Balanced:
        """Add the other target group, and rules between both.

        A listener of its own keeps its default action: the rule takes all requests before it, and a service that
        begins to be deployed so is reached all the time.
        """
        second = targets.group(scope, "OtherTasks", vpc, is_second=True)
        route = self.route
        side = ApplicationSide(
            scope=scope,
            deployment=deployment,
            listener=made.listener,
            balancer=made.load_balancer,
            groups=[made.target_group, second],
            certificate=self.certificate,
            conditions=route.conditions if route else [],
            priority=route.priority if route else LAST_PRIORITY,
        )
        return made._replace(second_group=second, traffic=side.build())

    def _share(
        self, scope: Construct, listener: elbv2.IApplicationListener, vpc: ec2.IVpc, targets: HttpTargets
    ) -> Balanced:
        group = targets.group(scope, "Tasks", vpc)
        balancer = listener.load_balancer if isinstance(listener, elbv2.ApplicationListener) else None
        return Balanced(listener, group, balancer, [])

    def _rule(self, scope: Construct, made: Balanced, route: Route) -> elbv2.ApplicationListenerRule:
        return elbv2.ApplicationListenerRule(
            scope,
            "Rule",
            listener=made.listener,
            priority=route.priority,
            conditions=route.conditions,
            target_groups=[made.target_group],
        )

    def _own(self, scope: Construct, name: str, placement: Placement, targets: HttpTargets) -> Balanced:
        balancer = self.load_balancer or self._make(scope, name, placement, targets.drain)
        secure = self.certificate is not None
        listener = balancer.add_listener(
            "Https" if secure else "Http",
            port=HTTPS if secure else HTTP,
            open=self.public,
            certificates=[self.certificate] if self.certificate else None,
            ssl_policy=elbv2.SslPolicy.RECOMMENDED_TLS if secure else None,
        )
        before: list[Construct] = [listener]
        if secure:
            to_https = elbv2.ListenerAction.redirect(protocol="HTTPS", port=str(HTTPS), permanent=True)
            before.append(balancer.add_listener(_REDIRECT, port=HTTP, open=self.public, default_action=to_https))
        group = targets.group(listener, "TasksGroup", placement.vpc)
        listener.add_target_groups("Tasks", target_groups=[group])
        return Balanced(listener, group, balancer, before)

    def _make(
        self, scope: Construct, name: str, placement: Placement, drain: cdk.Duration
    ) -> elbv2.ApplicationLoadBalancer:
        public = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
        balancer = elbv2.ApplicationLoadBalancer(
            scope,
            "LoadBalancer",
            load_balancer_name=balancer_name(name),
            vpc=placement.vpc,
            vpc_subnets=public if self.public else placement.subnets,
            internet_facing=self.public,
            idle_timeout=self.idle_timeout or _idle_for(drain),
            drop_invalid_header_fields=True,
            deletion_protection=self.deletion_protection,
        )
        if self.public:
            waive(balancer, {"AwsSolutions-EC23": "a public load balancer: anybody may ask"})
        logs = self.access_logs or AccessLogBucket(scope, "AccessLogs", retention_days=_RETENTION_DAYS)
        balancer.log_access_logs(logs, name)
        return balancer


def _refuse_taken(where: str, balancer: elbv2.IApplicationLoadBalancer, *, secure: bool) -> None:
    for id in ("Https", _REDIRECT) if secure else ("Http",):
        if balancer.node.try_find_child(id) is not None:
            raise InvalidListenerError(
                f"{where} load balancer {balancer.node.path} already has the listener {id} of another service; share "
                "that with listener=... and route=..."
            )


def balancer_name(name: str) -> str | None:
    """The service's name where a load balancer can have it; otherwise CloudFormation makes one.

    Nobody knows how long a token will be, and a name of more than 32 characters would end the deployment.
    """
    return name if not is_token(name) and _BALANCER_NAME.fullmatch(name) else None


def _idle_for(drain: cdk.Duration) -> cdk.Duration | None:
    """A load balancer that gives up sooner than a request may take answers it with 504."""
    if drain.is_unresolved() or drain.to_seconds() < _IDLE:
        return None
    return cdk.Duration.seconds(drain.to_seconds() + 1)

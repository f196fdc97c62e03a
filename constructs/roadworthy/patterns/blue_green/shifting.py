"""Blue/green, canary and linear: a new version starts next to the old one, and the traffic moves."""

import dataclasses
from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.blue_green.address import address, dns_name, test_listener_at
from roadworthy.patterns.blue_green.approval import Approval, Before
from roadworthy.patterns.blue_green.errors_alarm import errors_alarm_name
from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.health_gate import HealthGate
from roadworthy.patterns.blue_green.hook import Hook
from roadworthy.patterns.blue_green.migration import Migration
from roadworthy.patterns.blue_green.part import Part
from roadworthy.patterns.blue_green.refusals import (
    refuse_approval,
    refuse_hooks,
    refuse_long,
    refuse_number,
    refuse_types,
)
from roadworthy.patterns.blue_green.shift import LONGEST_MINUTES, AllAtOnce, Shift
from roadworthy.patterns.blue_green.stops import Stops
from roadworthy.patterns.blue_green.tick_guard import TickGuard
from roadworthy.patterns.blue_green.times import refuse_minutes, refuse_seconds
from roadworthy.patterns.blue_green.traffic_shift import TrafficShift
from roadworthy.patterns.deployment.alarm_names import refuse_alarms, watch
from roadworthy.patterns.deployment.circuit_breaker import CircuitBreaker
from roadworthy.patterns.deployment.deployment import Deployment, unname_controller
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.scaling import Scaling
from roadworthy.patterns.task_options import TaskSettings
from roadworthy.patterns.values import is_token, out_of_range
from roadworthy.rules.facts.rolling import HUNDRED

_TEST_PORT, _LAST_PORT = 9001, 65_535
_SHORTEST_DEADLINE, _LONGEST_DEADLINE = 60, 30 * 86_400
_LONGEST_OVERLAP = 30 * 86_400  # no deployment takes longer


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShiftingDeployment(Deployment):
    """`Deployment.blue_green`, `.canary`, `.linear` and `.steps`, whose common arguments are its attributes.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html

    Attributes:
        shift: how the traffic goes over.
        bake: how long blue stays beside green once that has all traffic, 0 to 1,440 whole minutes; default: 1. Until
            it ends, going back takes seconds. ECS would make it 36 hours where none is written.
        migration: what is done before green starts; default: nothing.
        health_gate: how green must answer before it gets traffic, beyond the target group's own health check; default:
            as that is.
        tick: what blue must have ended before the switch; default: nothing.
        approval: where a person must agree; default: nowhere.
        hooks: functions of your own that are asked, too.
        alarms: names of CloudWatch alarms that end it, until the bake is over. An alarm that is on when it starts is
            ignored. Names, not alarms, as with `Deployment.rolling`. They must go off within the bake to be of use.
        max_errors: how many answers of 5xx both versions may give in one minute; one more ends it. The alarm,
            `<service>-deployment-errors`, is on some two minutes later: `bake` should be longer. Default: any number.
        rollback_on_alarm: whether an alarm makes it go back, instead of ending it alone.
        deadline: how long it may take, but for approvals, 1 minute to 30 days; then it goes back. None leaves that to
            ECS, which gives each stage a day. Default: 15 minutes.
        max_overlap: the longest that both versions may run together; None: any time. Default: 5 minutes.
        test_port: the port of a test listener, through which green is reached before it has the traffic; default: 9001
            with a health gate or an approval before traffic, else there is none.
        test_listener: a listener of the same load balancer for the test traffic; default: a new one.
        circuit_breaker: when ECS gives up since tasks fail; default: as with `Deployment.rolling`. AWS's pages do not
            agree on whether it works for anything but rolling deployments: `deadline` does.
        is_rolling: see `as_rolling`.

    Raises:
        InvalidDeploymentError: a value is out of its range, or contradicts another.
    """

    shift: Shift = dataclasses.field(default_factory=AllAtOnce)
    bake: cdk.Duration = dataclasses.field(default_factory=lambda: cdk.Duration.minutes(1))
    migration: Migration | None = None
    health_gate: HealthGate | None = None
    tick: TickGuard | None = None
    approval: Approval | None = None
    hooks: Sequence[Hook] = ()
    alarms: Sequence[str] = ()
    max_errors: int | None = None
    rollback_on_alarm: bool = True
    deadline: cdk.Duration | None = dataclasses.field(default_factory=lambda: cdk.Duration.minutes(15))
    max_overlap: cdk.Duration | None = dataclasses.field(default_factory=lambda: cdk.Duration.minutes(5))
    test_port: int | None = None
    test_listener: elbv2.IApplicationListener | None = None
    circuit_breaker: CircuitBreaker | None = None
    is_rolling: bool = False
    min_healthy_percent: int = dataclasses.field(default=HUNDRED, init=False)
    max_percent: int = dataclasses.field(default=2 * HUNDRED, init=False)

    def __post_init__(self) -> None:
        _refuse_values(self)
        refuse_minutes("deployment bake", self.bake, 0, LONGEST_MINUTES)
        if self.deadline is not None:
            refuse_seconds("deployment deadline", self.deadline, _SHORTEST_DEADLINE, _LONGEST_DEADLINE)
        if self.max_overlap is not None:
            refuse_seconds("deployment max_overlap", self.max_overlap, 0, _LONGEST_OVERLAP)
        wrong = _wrong_port(self.test_port)
        if wrong:
            raise InvalidDeploymentError(f"deployment test_port = {self.test_port!r} {wrong}")
        wrong = None if self.max_errors is None else out_of_range(self.max_errors, 0)
        if wrong:
            raise InvalidDeploymentError(f"deployment max_errors = {self.max_errors!r} {wrong}")
        refuse_alarms(self.alarms)
        if self.max_errors is not None and is_token(self.alarms):
            raise InvalidDeploymentError(
                "deployment alarms is a list that CloudFormation alone knows, to which max_errors can add no name: "
                "write the names, or leave max_errors out"
            )
        refuse_number(self.parts)
        others = [part for part in self.parts if part is not self.approval]
        has_stops = isinstance(self.shift, Stops)
        is_stepwise = self.shift.steps != 1
        refuse_approval(self.approval, others, is_stepwise=is_stepwise, has_stops=has_stops)
        refuse_long(self.shift, self.bake)

    def as_rolling(self) -> "ShiftingDeployment":
        """The same service, deployed by rolling: both target groups, the rules and the role stay, the hooks go.

        What the tasks themselves use stays as well, such as the table of `TickGuard.lease`.

        The step before the first blue/green deployment of a service that exists, and the step back:
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/migrate-deployment-strategies.html
        """
        return dataclasses.replace(self, is_rolling=True)

    @property
    def parts(self) -> list[Part]:
        """What it waits for."""
        own = (self.migration, self.health_gate, self.tick, self.approval)
        parts: list[Part] = [part for part in own if part is not None]
        parts += self.hooks
        return [*parts, self.shift] if isinstance(self.shift, Part) else parts

    @property
    def has_test(self) -> bool:
        """Whether there is a test listener."""
        tried = self.approval is not None and self.approval.before is Before.TRAFFIC
        return self.test_port is not None or self.test_listener is not None or self.health_gate is not None or tried

    @property
    def test_traffic_port(self) -> int:
        """The port of a new test listener."""
        return _TEST_PORT if self.test_port is None else self.test_port

    def refuse_scaling(self, scaling: Scaling) -> None:
        """See `Deployment`."""
        if scaling.requests_per_target is not None:
            raise InvalidDeploymentError(
                f"scaling requests_per_target = {scaling.requests_per_target} counts the requests of one target group, "
                "and each deployment moves them to the other one: scale by cpu_percent or memory_percent"
            )

    def refuse_unbalanced(self, name: str) -> None:
        """See `Deployment`."""
        raise InvalidDeploymentError(
            f"service `{name}`: without a load balancer there is no traffic to move: use Deployment.rolling"
        )

    def behind(self, front: Front, settings: TaskSettings) -> TrafficShift:
        """See `Deployment`."""
        test = self.test_listener or test_listener_at(front.balancer, self.test_traffic_port)
        if test is not None:
            url, _ = address(test)
            is_secure = front.is_secure or (url or "").startswith("https")
            front = dataclasses.replace(front, is_secure=is_secure, tells_test=url is not None)
        elif front.balancer is not None:
            front = dataclasses.replace(front, tells_test=dns_name(front.balancer) is not None)
        shift = TrafficShift(deployment=self, front=front, settings=settings)
        shift.refuse()
        return shift

    @property
    def _breaker(self) -> CircuitBreaker:
        return self.circuit_breaker or CircuitBreaker()

    @property
    def l2_circuit_breaker(self) -> ecs.DeploymentCircuitBreaker:
        """See `Deployment`."""
        return self._breaker.l2

    def attach(self, service: ecs.FargateService) -> None:
        """See `Deployment`; the load balancer's side is attached by `behind`."""
        unname_controller(service)
        self._breaker.complete(service)
        resource = cast("ecs.CfnService", service.node.default_child)
        own = [] if self.max_errors is None else [errors_alarm_name(resource.service_name or "")]
        names = [*dict.fromkeys([*self.alarms, *own])]
        watch(service, names, rollback=self.rollback_on_alarm)  # CDK takes them once
        if self.is_rolling:
            return
        configuration = {
            "Strategy": self.shift.strategy,
            "BakeTimeInMinutes": self.bake.to_minutes(),
            **self.shift.configuration(),
        }
        for name, value in configuration.items():
            resource.add_property_override(f"DeploymentConfiguration.{name}", value)


def _wrong_port(port: int | None) -> str | None:
    if is_token(port):
        return "is a token: write its value, the listener's address is made of it"
    return None if port is None else out_of_range(port, 1, _LAST_PORT)


def _refuse_values(given: ShiftingDeployment) -> None:
    refuse_types(
        {
            "migration": (given.migration, Migration),
            "health_gate": (given.health_gate, HealthGate),
            "tick": (given.tick, TickGuard),
            "approval": (given.approval, Approval),
            "circuit_breaker": (given.circuit_breaker, CircuitBreaker),
            "rollback_on_alarm": (given.rollback_on_alarm, bool),
        }
    )
    refuse_hooks(given.hooks, Hook)
    if given.test_listener is not None and not hasattr(given.test_listener, "listener_arn"):
        raise InvalidDeploymentError(f"deployment test_listener = {given.test_listener!r} is no listener")

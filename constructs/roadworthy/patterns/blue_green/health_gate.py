"""Green must answer through the test listener before it gets the traffic."""

import dataclasses
import fnmatch
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.part import LifecycleHook, Part, Wait
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage
from roadworthy.patterns.blue_green.times import minutes_for, refuse_seconds
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.health_check import HealthCheck, HttpHealthCheck
from roadworthy.patterns.task_options import TaskSettings
from roadworthy.patterns.values import is_token, out_of_range

_MOST_TRIES, _LONGEST_INTERVAL = 180, 60
_KINDS = {str: "text", bool: "truth value"}
_AFTER = 15  # seconds in which the function starts and answers
_LONGEST = 900 - _AFTER  # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html


@dataclasses.dataclass(frozen=True, kw_only=True)
class HealthGate(Part):
    """Asks green over HTTP, from within the network, and lets the deployment go on as soon as it answers.

    Its function is attached to the VPC and may reach the test listener and nothing else, AWS included.

    Attributes:
        path: what it asks for; default: the health check's path.
        codes: which answers are a success, as `200`, `200,202` or `200-299`; default: the health check's.
        tries: how often it asks, 1 to 180.
        interval: from one try to the next, and the most that one may take, 1 to 60 s.
        successes: how many in a row are enough.
        server_name: the host that it names, and whose certificate it expects; default: the service's domain name, or
            the first full host name of its route.
        verify_tls: whether the certificate must be one that everybody trusts; not one of a private authority.

    Raises:
        InvalidDeploymentError: a value is out of its range, or the tries take longer than a function may run.
        InvalidHealthCheckError: no such path or codes.
    """

    path: str | None = None
    codes: str | None = None
    tries: int = 12
    interval: cdk.Duration = dataclasses.field(default_factory=lambda: cdk.Duration.seconds(5))
    successes: int = 1
    server_name: str | None = None
    verify_tls: bool = True

    def __post_init__(self) -> None:
        for name, kind in (("path", str), ("codes", str), ("server_name", str), ("verify_tls", bool)):
            value = getattr(self, name)
            if value is not None and not isinstance(value, kind):
                raise InvalidDeploymentError(f"health gate {name} = {value!r} is no {_KINDS[kind]}")
        HealthCheck.http(self.path or "/", matcher=self.codes or "200", probe=None)  # refuses what is no such thing
        for name, value, most in (("tries", self.tries, _MOST_TRIES), ("successes", self.successes, self.tries)):
            wrong = "is a token" if is_token(value) else out_of_range(value, 1, most)
            if wrong:
                raise InvalidDeploymentError(f"health gate {name} = {value!r} {wrong}")
        refuse_seconds("health gate interval", self.interval, 1, _LONGEST_INTERVAL)
        if self.seconds > _LONGEST:
            raise InvalidDeploymentError(
                f"health gate: {self.tries} tries every {self._interval} s take {self.seconds} s, over {_LONGEST} s"
            )

    @property
    def _interval(self) -> int:
        return int(self.interval.to_seconds())

    @property
    def seconds(self) -> int:
        """How long all tries take."""
        return self.tries * self._interval

    def refuse(self, front: Front, settings: TaskSettings) -> None:
        """See `Part`."""
        where = f"service `{front.name}`: health_gate"
        if front.is_public:
            raise InvalidDeploymentError(
                f"{where} asks from within the network, where a public load balancer has no address; leave it out, or "
                "give hooks=[Hook.function(...)]"
            )
        if not isinstance(front.check, HttpHealthCheck):
            raise InvalidDeploymentError(
                f"{where} asks over HTTP, which the service does not speak by its health check"
            )
        if self.path is None and front.check.port_for(front.port) != front.port:
            raise InvalidDeploymentError(
                f"{where} asks port {front.port}, the health check port {front.check.port}: give HealthGate(path=...)"
            )
        self._refuse_route(where, front)
        if front.is_secure and self.verify_tls and self._name(front) is None:
            raise InvalidDeploymentError(
                f"{where} does not know whose certificate to expect; give domain_name=..., or "
                "HealthGate(server_name=...), or HealthGate(verify_tls=False)"
            )

    def _refuse_route(self, where: str, front: Front) -> None:
        route = front.route
        if route is None:
            return
        path = self._path(front)
        if route.paths and not _is_one_of(path, route.paths):
            raise InvalidDeploymentError(
                f"{where} asks for {path}, which the route does not forward ({', '.join(route.paths)}); "
                "give HealthGate(path=...)"
            )
        name = self._name(front)
        if route.hosts and name is None:
            raise InvalidDeploymentError(
                f"{where} does not know for which of {', '.join(route.hosts)} to ask; give HealthGate(server_name=...)"
            )
        if route.hosts and name is not None and not _is_one_of(name.lower(), [host.lower() for host in route.hosts]):
            raise InvalidDeploymentError(
                f"{where} asks for host {name}, which the route does not forward ({', '.join(route.hosts)}); "
                "give HealthGate(server_name=...)"
            )

    def waits(self) -> list[Wait]:
        """See `Part`."""
        return [Wait(stage=LifecycleStage.POST_TEST_TRAFFIC_SHIFT, what="health gate", seconds=self.seconds)]

    def hooks(self, site: Site) -> list[LifecycleHook]:
        """See `Part`."""
        test, front = site.traffic.test, site.front
        assert test is not None
        assert test.url is not None
        assert test.port is not None
        name = self._name(front)
        seconds = self.seconds + _AFTER
        function = site.function(
            "HealthGate",
            "deployment_health_gate",
            timeout_seconds=seconds,
            environment={
                "TEST_URL": test.url,
                "HEALTH_PATH": self._path(front),
                "EXPECTED_CODES": self.codes or _codes(front),
                "TRIES": str(self.tries),
                "INTERVAL_SECONDS": str(self._interval),
                "SUCCESSES": str(self.successes),
                "VERIFY_TLS": str(self.verify_tls).lower(),
                **({"SERVER_NAME": name} if name else {}),
            },
            in_network=True,
        )
        function.connections.allow_to(test.connections, ec2.Port.tcp(test.port), "health gate")
        stages = [LifecycleStage.POST_TEST_TRAFFIC_SHIFT]
        minutes = minutes_for(seconds) + 1
        return [LifecycleHook(stages=stages, function_arn=function.function_arn, minutes=minutes)]

    def _path(self, front: Front) -> str:
        assert isinstance(front.check, HttpHealthCheck)
        return self.path or front.check.path

    def _name(self, front: Front) -> str | None:
        return self.server_name or front.server_name


def _codes(front: Front) -> str:
    assert isinstance(front.check, HttpHealthCheck)
    return front.check.matcher


def _is_one_of(text: str, patterns: Sequence[str]) -> bool:
    """Whether a load balancer's pattern takes a text; what a token hides may do so."""
    if is_token(text) or any(map(is_token, patterns)):
        return True
    return any(fnmatch.fnmatchcase(text, _as_glob(pattern)) for pattern in patterns)


def _as_glob(pattern: str) -> str:
    """A load balancer knows `*` and `?` alone; brackets stand for themselves."""
    return pattern.replace("[", "[[]")

"""A health check is one value: what the container, the load balancer and the deployment go by cannot disagree."""

import abc
import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Unpack

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.health_command import checked_command, refuse_other_path
from roadworthy.patterns.health_timing import HealthTiming, InvalidHealthCheckError, Timing
from roadworthy.patterns.health_tokens import stand_in
from roadworthy.patterns.probe import Probe
from roadworthy.patterns.values import is_token, text

# RFC 3986: what may stand in a path, without a query; ALB allows 1 to 1,024 characters.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_PATH = re.compile(r"/[A-Za-z0-9\-._~!$&()*+,;=:@%/]{0,1023}")
_CODES = re.compile(r"[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*")
_HIGHEST_CODE, _FIRST_FAILURE = 499, 400
_SERVICE = re.compile(r"[A-Za-z0-9_.]{0,127}")

Asking = Probe | Sequence[str] | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class HealthCheck(HealthTiming, abc.ABC):
    """A health check of a container, of its targets behind a load balancer, or of both.

    It is made by `http`, `grpc`, `tcp` or `command`, which all take the attributes of `HealthTiming`.
    """

    @staticmethod
    def http(
        path: str, *, matcher: str = "200", probe: Asking = Probe.PYTHON, **timing: Unpack[Timing]
    ) -> "HttpHealthCheck":
        """Ask `GET path`.

        Args:
            path: answers when the process is well; it asks nothing of other services.
            matcher: the codes that are a success for the load balancer, as `200`, `200,204` or `200-299`; 200 to 499.
            probe: the program in the image with which the container asks, its own command (`["CMD", "/app", "check"]`),
                or None where the load balancer alone asks.
            timing: attributes of `HealthTiming`.

        Raises:
            InvalidHealthCheckError: one side would refuse it, or both sides would disagree.
        """
        return HttpHealthCheck(path=path, matcher=matcher, probe=probe, **timing)

    @staticmethod
    def grpc(service: str = "", *, probe: Asking = (), **timing: Unpack[Timing]) -> "GrpcHealthCheck":
        """Call `grpc.health.v1.Health/Check`; a load balancer does so without a service's name.

        Args:
            service: whose health the container asks; default: the server's.
            probe: `Probe.PYTHON`, which needs `grpcio` in the image; the container's own command; default:
                `grpc_health_probe`, which must be in the image
                (https://github.com/grpc-ecosystem/grpc-health-probe); None where the load balancer alone asks.
            timing: attributes of `HealthTiming`.

        Raises:
            InvalidHealthCheckError: one side would refuse it.
        """
        return GrpcHealthCheck(service=service, probe=probe, **timing)

    @staticmethod
    def tcp(*, probe: Asking = Probe.PYTHON, **timing: Unpack[Timing]) -> "TcpHealthCheck":
        """Open a connection, for what speaks neither HTTP nor gRPC behind a Network Load Balancer.

        Args:
            probe: the program in the image with which the container connects (not `WGET` or `CURL`), its own command
                (`["CMD", "pg_isready"]`), or None where the load balancer alone connects.
            timing: attributes of `HealthTiming`.

        Raises:
            InvalidHealthCheckError: one side would refuse it.
        """
        return TcpHealthCheck(probe=probe, **timing)

    @staticmethod
    def command(words: Sequence[str], **timing: Unpack[Timing]) -> "CommandHealthCheck":
        """Run a command in the container, for a service without a load balancer.

        Args:
            words: `["CMD", "program", "argument"]` or `["CMD-SHELL", "a line || exit 1"]`.
            timing: attributes of `HealthTiming`.

        Raises:
            InvalidHealthCheckError: the command has neither form, or ECS would refuse its timing.
        """
        return CommandHealthCheck(words=words, **timing)

    @abc.abstractmethod
    def words_for(self, port: int) -> list[str] | None:
        """The container's command, where its traffic comes to `port`; None where it does not check itself."""

    @abc.abstractmethod
    def target_group(self, port: int) -> elbv2.HealthCheck:
        """The target group's check, where its traffic goes to `port`.

        Raises:
            InvalidHealthCheckError: a load balancer cannot check so.
        """

    def container(self, port: int) -> ecs.HealthCheck | None:
        """The container's own check, where its traffic comes to `port`; None where it does not check itself."""
        words = self.words_for(port)
        if words is None:
            return None
        timing = stand_in(self)
        return ecs.HealthCheck(
            command=words,
            interval=cdk.Duration.seconds(timing.interval_seconds),
            timeout=cdk.Duration.seconds(timing.timeout_seconds),
            retries=timing.unhealthy_threshold,
            start_period=cdk.Duration.seconds(timing.start_seconds),
        )

    def port_for(self, port: int) -> int:
        """Where it asks, where the traffic comes to `port`: what a security group must let the load balancer reach."""
        return port if self.port is None else self.port

    @property
    def grace_period(self) -> cdk.Duration:
        """How long ECS ignores all checks of a new task: its start, and as many checks as it takes to be sure."""
        return cdk.Duration.seconds(self.grace)


@dataclasses.dataclass(frozen=True, kw_only=True)
class HttpHealthCheck(HealthCheck):
    """`HealthCheck.http`."""

    path: str
    matcher: str = "200"
    probe: Asking = Probe.PYTHON

    def __post_init__(self) -> None:
        if not is_token(self.path) and not (isinstance(self.path, str) and _PATH.fullmatch(self.path)):
            raise InvalidHealthCheckError(f"health-check path {self.path!r}: it must begin with / and hold no query")
        self.refuse_timing(f"health check {self.path}", container=self.probe is not None, targets=True)
        _refuse_codes(self.matcher, probed=isinstance(self.probe, Probe))
        words = self.words_for(1)
        if words and not isinstance(self.probe, Probe):
            refuse_other_path(words, self.path)

    def words_for(self, port: int) -> list[str] | None:
        """See `HealthCheck`."""
        if not isinstance(self.probe, Probe):
            return None if self.probe is None else checked_command(self.probe)
        words = self.probe.http(text(self.port_for(port)), self.path, self.own_limit)
        if words is None:
            raise _cannot(self.probe, "ask over HTTP", Probe.of_http())
        return words

    def target_group(self, port: int) -> elbv2.HealthCheck:
        """See `HealthCheck`."""
        return _asked(self, port, elbv2.Protocol.HTTP, path=self.path, codes=self.matcher)


@dataclasses.dataclass(frozen=True, kw_only=True)
class GrpcHealthCheck(HealthCheck):
    """`HealthCheck.grpc`."""

    service: str = ""
    probe: Asking = ()

    def __post_init__(self) -> None:
        if not is_token(self.service) and not (isinstance(self.service, str) and _SERVICE.fullmatch(self.service)):
            raise InvalidHealthCheckError(f"gRPC service {self.service!r} is no name such as package.Service")
        self.refuse_timing("gRPC health check", container=self.probe is not None, targets=True)
        self.words_for(1)

    def words_for(self, port: int) -> list[str] | None:
        """See `HealthCheck`."""
        if isinstance(self.probe, Probe):
            asked = self.probe.grpc(text(self.port_for(port)), self.service, self.own_limit)
            if asked is None:
                raise _cannot(self.probe, "ask over gRPC", Probe.of_grpc())
            return asked
        if self.probe is None or self.probe:
            return None if self.probe is None else checked_command(self.probe)
        limit = f"{self.own_limit}s"
        words = ["CMD", "grpc_health_probe", f"-addr=127.0.0.1:{text(self.port_for(port))}"]
        words += [f"-connect-timeout={limit}", f"-rpc-timeout={limit}"]
        return [*words, f"-service={self.service}"] if self.service else words

    def target_group(self, port: int) -> elbv2.HealthCheck:
        """See `HealthCheck`; the group's protocol version is GRPC."""
        return _asked(self, port, elbv2.Protocol.HTTP, path="/grpc.health.v1.Health/Check", grpc_codes="0")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TcpHealthCheck(HealthCheck):
    """`HealthCheck.tcp`."""

    probe: Asking = Probe.PYTHON

    def __post_init__(self) -> None:
        self.refuse_timing("TCP health check", container=self.probe is not None, targets=True)
        self.words_for(1)

    def words_for(self, port: int) -> list[str] | None:
        """See `HealthCheck`."""
        if not isinstance(self.probe, Probe):
            return None if self.probe is None else checked_command(self.probe)
        words = self.probe.tcp(text(self.port_for(port)), self.own_limit)
        if words is None:
            raise _cannot(self.probe, "check TCP", Probe.of_tcp())
        return words

    def target_group(self, port: int) -> elbv2.HealthCheck:
        """See `HealthCheck`."""
        return _asked(self, port, elbv2.Protocol.TCP)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommandHealthCheck(HealthCheck):
    """`HealthCheck.command`."""

    words: Sequence[str]

    def __post_init__(self) -> None:
        checked_command(self.words)
        self.refuse_timing("health check", container=True, targets=False)

    def words_for(self, port: int) -> list[str]:
        """See `HealthCheck`."""
        return checked_command(self.words)

    def target_group(self, port: int) -> elbv2.HealthCheck:
        """A load balancer runs no command.

        Raises:
            InvalidHealthCheckError: always.
        """
        raise InvalidHealthCheckError(
            f"health-check command {list(self.words)!r}: a load balancer runs no command; "
            "use HealthCheck.http, .grpc or .tcp, with the command as their probe"
        )


def _asked(
    check: HealthCheck,
    port: int,
    protocol: elbv2.Protocol,
    *,
    path: str | None = None,
    codes: str | None = None,
    grpc_codes: str | None = None,
) -> elbv2.HealthCheck:
    timing = stand_in(check)
    return elbv2.HealthCheck(
        path=path,
        port=text(check.port_for(port)),
        protocol=protocol,
        healthy_http_codes=codes,
        healthy_grpc_codes=grpc_codes,
        interval=cdk.Duration.seconds(timing.interval_seconds),
        timeout=cdk.Duration.seconds(timing.timeout_seconds),
        healthy_threshold_count=timing.healthy_threshold,
        unhealthy_threshold_count=timing.unhealthy_threshold,
    )


def _cannot(probe: Probe, ask: str, able: Iterable[Probe]) -> InvalidHealthCheckError:
    names = ", ".join(f"Probe.{one.name}" for one in able)
    return InvalidHealthCheckError(f"Probe.{probe.name} ({probe.value}) cannot {ask}; use one of {names}")


def _refuse_codes(matcher: str, *, probed: bool) -> None:
    if is_token(matcher):
        return
    is_list = isinstance(matcher, str) and _CODES.fullmatch(matcher)
    codes = [int(code) for code in re.findall(r"\d+", matcher)] if is_list else []
    if not codes or max(codes) > _HIGHEST_CODE:
        raise InvalidHealthCheckError(f"health-check matcher {matcher!r} is no list of codes of 200..499, as 200,204")
    if probed and max(codes) >= _FIRST_FAILURE:
        raise InvalidHealthCheckError(
            f"health-check matcher {matcher!r}: the container's own probe takes {max(codes)} for a failure; "
            "answer below 400, or give probe=None or a command of your own"
        )

"""Which requests of a shared listener are a service's."""

import dataclasses
from collections.abc import Sequence

from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.values import is_token, out_of_range

_LAST = 50_000
_LONGEST = 128
_MOST = 5  # values of all conditions of a rule


class InvalidRouteError(RoadworthyError, ValueError):
    """A rule that the load balancer would refuse."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route:
    """The rule of a service on a listener that it shares; tokens pass unchecked.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html

    Attributes:
        priority: 1 to 50,000, of each listener's rules the lowest first; no two rules may have the same.
        hosts: host names, with `*` and `?`: `api.example.com`.
        paths: paths, with `*` and `?`: `/api/*`.

    Raises:
        InvalidRouteError: the priority is out of its range, nothing or too much is named, or a pattern is malformed.
    """

    priority: int
    hosts: Sequence[str] = ()
    paths: Sequence[str] = ()

    def __post_init__(self) -> None:
        wrong = out_of_range(self.priority, 1, _LAST)
        if wrong:
            raise InvalidRouteError(f"route priority = {self.priority!r} {wrong}")
        for name, patterns in (("hosts", self.hosts), ("paths", self.paths)):
            if isinstance(patterns, str) or not isinstance(patterns, Sequence):
                raise InvalidRouteError(f"route {name} = {patterns!r} is no list of texts")
        if not 0 < len(self.hosts) + len(self.paths) <= _MOST:
            raise InvalidRouteError(
                f"route {self.priority} names {len(self.hosts)} hosts and {len(self.paths)} paths: a rule takes 1 to "
                f"{_MOST} in all"
            )
        for pattern in (*self.hosts, *self.paths):
            if not is_token(pattern) and not (isinstance(pattern, str) and 0 < len(pattern) <= _LONGEST):
                raise InvalidRouteError(f"route {self.priority}: {pattern!r} is not 1 to {_LONGEST} characters")
        for path in self.paths:
            if not is_token(path) and not path.startswith(("/", "*", "?")):
                raise InvalidRouteError(f"route {self.priority}: path {path!r} does not begin with /")

    @property
    def conditions(self) -> list[elbv2.ListenerCondition]:
        """As a listener's rule takes them."""
        found = []
        if self.hosts:
            found.append(elbv2.ListenerCondition.host_headers(list(self.hosts)))
        if self.paths:
            found.append(elbv2.ListenerCondition.path_patterns(list(self.paths)))
        return found

    @property
    def host(self) -> str | None:
        """The first host that is one name, for an address; None where there is none."""
        return next((host for host in self.hosts if not set(host) & set("*?")), None)

"""What stands in front of a service's tasks, as far as it is known before anything is made."""

import dataclasses

import aws_cdk as cdk
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.health_check import HealthCheck
from roadworthy.patterns.route import Route


@dataclasses.dataclass(frozen=True, kw_only=True)
class Front:
    """A load balancer and how it treats the tasks.

    Attributes:
        name: the service's name.
        port: where the tasks listen.
        check: their health check.
        drain: how long a load balancer lets go of a task, and how long that then takes to stop.
        is_network: whether it is a Network Load Balancer.
        is_public: whether it has public addresses.
        is_secure: whether clients speak TLS with it.
        domain_name: the name that its certificate is for; None where nobody said.
        is_sticky: whether a client stays with its task, by a cookie.
        route: which requests of a shared listener are the service's; None where the listener is its own.
        listener_ports: the ports that its own listeners have.
        takes_listener: whether it can get another listener for test traffic: it is known, and so is the certificate
            that gRPC needs.
        balancer_path: where the load balancer is in the app; None where a shared listener does not tell, empty where it
            is yet to be made.
        balancer: the load balancer, where it was there before; None where a shared listener does not tell.
        tells_test: whether the address of the test listener is known.
    """

    name: str
    port: int
    check: HealthCheck
    drain: cdk.Duration
    is_network: bool = False
    is_public: bool = False
    is_secure: bool = False
    domain_name: str | None = None
    is_sticky: bool = False
    route: Route | None = None
    listener_ports: tuple[int, ...] = ()
    takes_listener: bool = True
    balancer_path: str | None = ""
    balancer: elbv2.IApplicationLoadBalancer | None = None
    tells_test: bool = True

    @property
    def server_name(self) -> str | None:
        """The host that requests name; None where any will do, or nobody said."""
        return self.domain_name or (self.route.host if self.route else None)

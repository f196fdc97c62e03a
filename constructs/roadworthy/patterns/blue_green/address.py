"""Where a listener is reached, from where, and which others its load balancer has."""

from typing import cast

from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.values import is_token


def address(listener: elbv2.IApplicationListener) -> tuple[str | None, int | None]:
    """URL and port of a listener; None for what an imported listener or load balancer does not tell."""
    made = listener.node.default_child
    if not isinstance(listener, elbv2.ApplicationListener) or not isinstance(made, elbv2.CfnListener):
        return None, None
    if is_token(made.port or 0):
        return None, None
    port, protocol, name = int(made.port or 0), made.protocol or "HTTP", dns_name(listener.load_balancer)
    return f"{protocol.lower()}://{name}:{port}" if name else None, port


def dns_name(balancer: elbv2.IApplicationLoadBalancer) -> str | None:
    """The name of a load balancer; None where it was imported without."""
    try:
        return balancer.load_balancer_dns_name
    except RuntimeError:  # CDK's own for an attribute that nobody gave
        return None


def test_listener_id(port: int) -> str:
    """The id, below its load balancer, of the listener for test traffic that its services share."""
    return f"Test{port}"


def test_listener_at(balancer: elbv2.IApplicationLoadBalancer | None, port: int) -> elbv2.IApplicationListener | None:
    """The listener for test traffic that a service behind the same load balancer has made; None without."""
    found = balancer.node.try_find_child(test_listener_id(port)) if balancer is not None else None
    return cast("elbv2.IApplicationListener | None", found)


def other_ports(balancer: elbv2.IApplicationLoadBalancer | None, port: int) -> set[int]:
    """The ports of a load balancer's other listeners than that for test traffic; of an imported one nobody knows."""
    if not isinstance(balancer, elbv2.ApplicationLoadBalancer):
        return set()
    own = test_listener_at(balancer, port)
    others = [listener for listener in balancer.listeners if own is None or listener.node.path != own.node.path]
    return {found for found in (address(listener)[1] for listener in others) if found is not None}


def is_of_another(listener: elbv2.IApplicationListener, balancer_path: str | None) -> bool:
    """Whether a listener is known to be of another load balancer than the one at this path of the app."""
    if balancer_path is None or not isinstance(listener, elbv2.ApplicationListener):
        return balancer_path == ""  # one that is yet to be made has no listeners
    return listener.load_balancer.node.path != balancer_path


def is_public(balancer: elbv2.IApplicationLoadBalancer | None) -> bool:
    """Whether a load balancer says that it has public addresses; one that was imported does not tell."""
    made = balancer.node.default_child if balancer is not None else None
    return isinstance(made, elbv2.CfnLoadBalancer) and made.scheme == "internet-facing"

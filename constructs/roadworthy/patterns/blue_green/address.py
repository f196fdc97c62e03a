"""Where a listener is reached, and from where."""

from aws_cdk import aws_elasticloadbalancingv2 as elbv2


def address(listener: elbv2.IApplicationListener) -> tuple[str | None, int | None]:
    """URL and port of a listener; None and None where it was imported, and does not tell."""
    made = listener.node.default_child
    if not isinstance(listener, elbv2.ApplicationListener) or not isinstance(made, elbv2.CfnListener):
        return None, None
    port, protocol = int(made.port or 0), made.protocol or "HTTP"
    return f"{protocol.lower()}://{listener.load_balancer.load_balancer_dns_name}:{port}", port


def is_of_another(listener: elbv2.IApplicationListener, balancer_path: str | None) -> bool:
    """Whether a listener is known to be of another load balancer than the one at this path of the app."""
    if balancer_path is None or not isinstance(listener, elbv2.ApplicationListener):
        return balancer_path == ""  # one that is yet to be made has no listeners
    return listener.load_balancer.node.path != balancer_path


def is_public(balancer: elbv2.IApplicationLoadBalancer | None) -> bool:
    """Whether a load balancer says that it has public addresses; one that was imported does not tell."""
    made = balancer.node.default_child if balancer is not None else None
    return isinstance(made, elbv2.CfnLoadBalancer) and made.scheme == "internet-facing"

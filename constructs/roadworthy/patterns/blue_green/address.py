"""Where a listener is reached."""

from aws_cdk import aws_elasticloadbalancingv2 as elbv2


def address(listener: elbv2.IApplicationListener) -> tuple[str | None, int | None]:
    """URL and port of a listener; None and None where it was imported, and does not tell."""
    made = listener.node.default_child
    if not isinstance(listener, elbv2.ApplicationListener) or not isinstance(made, elbv2.CfnListener):
        return None, None
    port, protocol = int(made.port or 0), made.protocol or "HTTP"
    return f"{protocol.lower()}://{listener.load_balancer.load_balancer_dns_name}:{port}", port

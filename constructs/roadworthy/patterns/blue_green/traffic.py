"""What moves the traffic of a service: two target groups, and the rules or listeners between them."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from constructs import IDependable

from roadworthy.patterns.deployment.error import InvalidDeploymentError


@dataclasses.dataclass(frozen=True, kw_only=True)
class TestListener:
    """Through which green alone is reached before it gets the traffic.

    Attributes:
        rule_arn: the ARN that ECS takes: of the rule behind an Application Load Balancer, else of the listener.
        url: where it is, as `https://host:9001`; None where an imported one does not tell.
        port: its port; None likewise.
        connections: to whom clients must be let.
    """

    __test__ = False  # pytest takes the name for its own

    rule_arn: str
    url: str | None
    port: int | None
    connections: ec2.IConnectable

    def allow_from(self, client: ec2.IConnectable) -> None:
        """Let `client` send requests to it.

        Raises:
            InvalidDeploymentError: it was imported, and does not tell its port.
        """
        if self.port is None:
            raise InvalidDeploymentError(
                "an imported test_listener does not tell its port: allow clients where it is made"
            )
        client.connections.allow_to(self.connections, ec2.Port.tcp(self.port), "test traffic")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Traffic:
    """Made by the load balancer's side, taken by the service's.

    Attributes:
        blue_arn: the target group that the template names first; ECS swaps both with each deployment.
        green_arn: the other one.
        production_arn: the rule behind an Application Load Balancer, else the listener.
        test: the test listener; None without.
        is_network: whether ECS moves the traffic of a Network Load Balancer.
        before: what must be there before the service.
        errors: answers of 5xx of each group; empty behind a Network Load Balancer.
    """

    blue_arn: str
    green_arn: str
    production_arn: str
    test: TestListener | None
    is_network: bool
    before: Sequence[IDependable]
    errors: Sequence[cloudwatch.Metric] = ()

    @property
    def rule_arns(self) -> list[str]:
        """What ECS changes."""
        return [self.production_arn, *([self.test.rule_arn] if self.test else [])]

    def advanced(self, role_arn: str) -> dict[str, Any]:
        """As `AdvancedConfiguration` of the service's load balancer."""
        test = {"TestListenerRule": self.test.rule_arn} if self.test else {}
        return {
            "AlternateTargetGroupArn": self.green_arn,
            "ProductionListenerRule": self.production_arn,
            "RoleArn": role_arn,
            **test,
        }

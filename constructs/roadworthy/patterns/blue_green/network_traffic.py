"""The side of a Network Load Balancer: its listener itself between two target groups, and a test listener likewise.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
"""

import dataclasses
from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.blue_green.shifting import ShiftingDeployment
from roadworthy.patterns.blue_green.traffic import TestListener, Traffic
from roadworthy.patterns.blue_green.untagged import leave_untagged


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkSide:
    """A listener in front of two target groups.

    Attributes:
        deployment: what moves the traffic.
        balancer: the load balancer.
        listener: where connections come in; it has no action yet.
        groups: both target groups, the one that gets the first deployment before the other.
        connections: the load balancer's security group.
    """

    deployment: ShiftingDeployment
    balancer: elbv2.NetworkLoadBalancer
    connections: ec2.IConnectable
    listener: elbv2.NetworkListener
    groups: Sequence[elbv2.NetworkTargetGroup]

    def build(self) -> Traffic:
        """Put the groups behind the listener, and make the test listener."""
        self._forward(self.listener)
        test, before = None, [self.listener]
        if self.deployment.has_test:
            listener = self._test_listener()
            before.append(listener)
            test = self._as_test(listener)
        blue, green = self.groups
        return Traffic(
            blue_arn=blue.target_group_arn,
            green_arn=green.target_group_arn,
            production_arn=self.listener.listener_arn,
            test=test,
            is_network=True,
            before=before,
        )

    def _forward(self, listener: elbv2.NetworkListener) -> None:
        weighted = [
            elbv2.NetworkWeightedTargetGroup(target_group=group, weight=weight)
            for group, weight in zip(self.groups, (100, 0), strict=True)
        ]
        listener.add_action("BlueGreen", action=elbv2.NetworkListenerAction.weighted_forward(weighted))
        leave_untagged(listener)

    def _test_listener(self) -> elbv2.NetworkListener:
        port = self.deployment.test_traffic_port
        listener = self.balancer.add_listener(f"Test{port}", port=port, protocol=elbv2.Protocol.TCP)
        self._forward(listener)
        return listener

    def _as_test(self, listener: elbv2.NetworkListener) -> TestListener:
        port = self.deployment.test_traffic_port
        url = f"http://{self.balancer.load_balancer_dns_name}:{port}"
        return TestListener(rule_arn=listener.listener_arn, url=url, port=port, connections=self.connections)

"""The side of an Application Load Balancer: a rule between two target groups, and the same on a test listener.

ECS changes the rule, which must be one of its own: a listener's default action is out of its reach. Both groups are in
it from the start, since a group that no rule names is not checked, and ECS would refuse it.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
"""

import dataclasses
from collections.abc import Sequence

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from roadworthy.patterns.blue_green.address import address, test_listener_at, test_listener_id
from roadworthy.patterns.blue_green.errors_alarm import errors_of
from roadworthy.patterns.blue_green.shifting import ShiftingDeployment
from roadworthy.patterns.blue_green.traffic import TestListener, Traffic
from roadworthy.patterns.blue_green.untagged import leave_untagged

_ALL = "/*"
LAST_PRIORITY = 50_000  # whoever shares the listener comes first
_NOBODY = 404


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApplicationSide:
    """A listener in front of two target groups.

    Attributes:
        scope: where the rules are made.
        deployment: what moves the traffic.
        listener: where requests come in.
        balancer: its load balancer; None where a shared listener does not tell.
        groups: both target groups, the one that gets the first deployment before the other.
        certificate: of the listener, where it has one.
        conditions: which requests are the service's; default: all that no other rule takes.
        priority: of the rule.
    """

    scope: Construct
    deployment: ShiftingDeployment
    listener: elbv2.IApplicationListener
    balancer: elbv2.IApplicationLoadBalancer | None
    groups: Sequence[elbv2.ApplicationTargetGroup]
    certificate: acm.ICertificate | None = None
    conditions: Sequence[elbv2.ListenerCondition] = ()
    priority: int = LAST_PRIORITY

    def build(self) -> Traffic:
        """Make the rules, and the test listener where there is none."""
        rule = self._rule("Rule", self.listener)
        test, before = (None, [rule])
        if self.deployment.has_test:
            listener = self.deployment.test_listener or self._test_listener()
            test_rule = self._rule("TestRule", listener)
            test, before = self._as_test(listener, test_rule), [rule, test_rule]
        blue, green = self.groups
        return Traffic(
            blue_arn=blue.target_group_arn,
            green_arn=green.target_group_arn,
            production_arn=rule.listener_rule_arn,
            test=test,
            is_network=False,
            before=before,
            errors=errors_of(self.groups),
        )

    def _rule(self, id: str, listener: elbv2.IApplicationListener) -> elbv2.ApplicationListenerRule:
        rule = elbv2.ApplicationListenerRule(
            self.scope,
            id,
            listener=listener,
            priority=self.priority,
            conditions=list(self.conditions) or [elbv2.ListenerCondition.path_patterns([_ALL])],
            action=elbv2.ListenerAction.weighted_forward(
                [
                    elbv2.WeightedTargetGroup(target_group=group, weight=weight)
                    for group, weight in zip(self.groups, (100, 0), strict=True)
                ]
            ),
        )
        leave_untagged(rule)
        return rule

    def _test_listener(self) -> elbv2.IApplicationListener:
        """The load balancer's one at that port, which its services share; open to nobody."""
        assert self.balancer is not None
        port = self.deployment.test_traffic_port
        found = test_listener_at(self.balancer, port)
        if found is not None:
            return found
        return self.balancer.add_listener(
            test_listener_id(port),
            port=port,
            protocol=elbv2.ApplicationProtocol.HTTPS if self.certificate else elbv2.ApplicationProtocol.HTTP,
            open=False,
            certificates=[self.certificate] if self.certificate else None,
            ssl_policy=elbv2.SslPolicy.RECOMMENDED_TLS if self.certificate else None,
            default_action=elbv2.ListenerAction.fixed_response(_NOBODY),
        )

    def _as_test(self, listener: elbv2.IApplicationListener, rule: elbv2.ApplicationListenerRule) -> TestListener:
        url, port = address(listener)
        return TestListener(rule_arn=rule.listener_rule_arn, url=url, port=port, connections=listener)

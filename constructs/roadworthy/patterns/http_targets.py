"""The tasks of an HTTP service as a load balancer sees them."""

import dataclasses

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from roadworthy.patterns.health_check import GrpcHealthCheck, HealthCheck
from roadworthy.patterns.health_tokens import keep_in_group
from roadworthy.patterns.values import text


@dataclasses.dataclass(frozen=True, kw_only=True)
class HttpTargets:
    """What each target group of a service has in common.

    Attributes:
        port: where the requests go.
        target: the tasks.
        check: whether they are well; one over gRPC makes the group speak it.
        drain: how long a task is drained.
        stickiness: how long a client stays with its task; None: each request goes to any.
    """

    port: int
    target: ecs.IEcsLoadBalancerTarget
    check: HealthCheck
    drain: cdk.Duration
    stickiness: cdk.Duration | None

    def group(
        self, scope: Construct, id: str, vpc: ec2.IVpc, *, is_second: bool = False
    ) -> elbv2.ApplicationTargetGroup:
        """A target group; a second one gets its tasks from ECS itself."""
        grpc = elbv2.ApplicationProtocolVersion.GRPC if isinstance(self.check, GrpcHealthCheck) else None
        group = elbv2.ApplicationTargetGroup(
            scope,
            id,
            vpc=vpc,
            port=self.port,
            protocol=elbv2.ApplicationProtocol.HTTP,
            protocol_version=grpc,
            target_type=elbv2.TargetType.IP,
            targets=[] if is_second else [self.target],
            health_check=self.check.target_group(self.port),
            deregistration_delay=self.drain,
        )
        keep_in_group(group, self.check)
        if self.stickiness is not None:  # CDK's own argument takes no token
            group.set_attribute("stickiness.enabled", "true")
            group.set_attribute("stickiness.type", "lb_cookie")
            group.set_attribute("stickiness.lb_cookie.duration_seconds", text(self.stickiness.to_seconds()))
        return group

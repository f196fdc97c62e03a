"""What blue/green, canary and linear deployments take alike; the attributes of `ShiftingDeployment`."""

from collections.abc import Sequence
from typing import TypedDict

import aws_cdk as cdk
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.blue_green.approval import Approval
from roadworthy.patterns.blue_green.health_gate import HealthGate
from roadworthy.patterns.blue_green.hook import Hook
from roadworthy.patterns.blue_green.migration import Migration
from roadworthy.patterns.blue_green.tick_guard import TickGuard
from roadworthy.patterns.deployment.circuit_breaker import CircuitBreaker


class ShiftOptions(TypedDict, total=False):
    """By keyword."""

    bake: cdk.Duration
    migration: Migration | None
    health_gate: HealthGate | None
    tick: TickGuard | None
    approval: Approval | None
    hooks: Sequence[Hook]
    alarms: Sequence[str]
    max_errors: int | None
    rollback_on_alarm: bool
    deadline: cdk.Duration | None
    max_overlap: cdk.Duration | None
    test_port: int | None
    test_listener: elbv2.IApplicationListener | None
    circuit_breaker: CircuitBreaker | None

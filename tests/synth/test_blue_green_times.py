"""The sums: how long both versions run together, and how long a deployment takes, are known at synthesis."""

import aws_cdk as cdk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadworthy.patterns import (
    Approval,
    Before,
    Deployment,
    HealthCheck,
    HealthGate,
    InvalidDeploymentError,
    Migration,
    TickGuard,
)
from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.overlap import Times, total
from roadworthy.patterns.blue_green.times import in_seconds
from tests.synth.blue_green import http, tcp
from tests.synth.patterns import new_stack, options

pytestmark = pytest.mark.synth

SECONDS, MINUTES = cdk.Duration.seconds, cdk.Duration.minutes


def front(**more):
    taken = {"name": "api", "port": 8000, "check": HealthCheck.http("/health"), "drain": SECONDS(30)}
    return Front(**{**taken, **more})


def together(deployment, **more):
    """The sum of a deployment as {what: seconds}."""
    waits = [wait for part in deployment.parts for wait in part.waits()]
    times = Times(
        front=front(**more),
        shift=deployment.shift,
        bake=in_seconds(deployment.bake),
        waits=waits,
        has_test=deployment.has_test,
    )
    items = times.together()
    return None if items is None else {item.what: item.seconds for item in items}


HEALTHY, DRAIN, STAGES = "green becomes healthy", "blue is drained and stops", "ECS between its stages, estimated"
BARE = {HEALTHY: 50, "bake": 60, DRAIN: 60, STAGES: 45}


def test_a_bare_deployment_waits_for_health_bake_and_drain():
    assert together(Deployment.blue_green()) == BARE


def test_a_gate_and_a_tick_are_counted_at_their_longest_and_a_migration_is_over_before():
    deployment = Deployment.blue_green(
        migration=Migration.run_task(["migrate"]),
        health_gate=HealthGate(tries=6),
        tick=TickGuard.lease(max_wait=SECONDS(20)),
    )
    assert together(deployment) == {**BARE, "health gate": 30, "tick": 25}


def test_what_is_asked_at_the_same_stage_counts_once():
    both = Deployment.blue_green(health_gate=HealthGate(), approval=Approval(timeout=MINUTES(10)))
    assert together(both) == {**BARE, "approval": 600}


def test_an_approval_before_the_start_is_no_time_together():
    assert together(Deployment.blue_green(approval=Approval(before=Before.START))) == BARE


def test_steps_hold_and_let_ecs_change_stages_more_often():
    assert together(Deployment.linear(25, hold=MINUTES(2))) == {**BARE, "holds between steps": 360, STAGES: 75}
    assert together(Deployment.canary(10, hold=MINUTES(2))) == {**BARE, "holds between steps": 120, STAGES: 55}
    stops = Deployment.steps([10, 50, 100], hold=SECONDS(45))
    assert together(stops) == {**BARE, "holds between steps": 90, STAGES: 135}


def test_a_tick_is_waited_for_before_each_step():
    deployment = Deployment.linear(50, hold=MINUTES(0), tick=TickGuard.lease(max_wait=SECONDS(20)))
    assert together(deployment)["tick"] == 50


def test_a_network_load_balancer_takes_ten_minutes_for_each_shift_and_each_test():
    what = "the network load balancer follows"
    assert together(Deployment.blue_green(), is_network=True)[what] == 600
    assert together(Deployment.blue_green(test_port=9001), is_network=True)[what] == 1_200
    assert together(Deployment.linear(25, test_port=9001), is_network=True)[what] == 3_000


@pytest.mark.parametrize("hidden", ["bake", "percent", "drain", "interval"])
def test_what_a_token_hides_is_not_summed_up(hidden):
    number = cdk.CfnParameter(new_stack(), "Number", type="Number").value_as_number
    check = HealthCheck.http("/", interval_seconds=number, grace_seconds=60) if hidden == "interval" else None
    deployment = Deployment.canary(
        number if hidden == "percent" else 10, bake=MINUTES(number) if hidden == "bake" else MINUTES(1)
    )
    drain = SECONDS(number) if hidden == "drain" else SECONDS(30)
    assert together(deployment, check=check or HealthCheck.http("/"), drain=drain) is None


@settings(deadline=None)  # CDK's kernel counts the seconds of a Duration
@given(bake=st.integers(0, 20), tries=st.integers(1, 60), drain=st.integers(2, 120), most=st.integers(0, 2_000))
def test_a_service_is_refused_exactly_when_its_sum_is_more_than_the_budget(bake, tries, drain, most):
    deployment = Deployment.blue_green(
        bake=MINUTES(bake), health_gate=HealthGate(tries=tries), max_overlap=SECONDS(most), deadline=None
    )
    here = front(drain=SECONDS(drain))
    summed = 50 + 5 * tries + 60 * bake + 2 * drain + 45
    if summed <= most:
        assert deployment.behind(here, None).front is here
        return
    with pytest.raises(InvalidDeploymentError) as refused:
        deployment.behind(here, None)
    assert f"= {summed} s, more than max_overlap = {most} s" in str(refused.value)


def test_the_message_does_the_sum():
    stack = new_stack()
    with pytest.raises(InvalidDeploymentError) as refused:
        http(stack, Deployment.blue_green(bake=MINUTES(5), health_gate=HealthGate()))
    assert str(refused.value) == (
        "service `api`: both versions may run together for 20 s green becomes healthy + 60 s health gate + 300 s bake "
        "+ 60 s blue is drained and stops + 45 s ECS between its stages, estimated = 485 s, more than "
        "max_overlap = 300 s; shorten one of these, or raise max_overlap"
    )


def test_nothing_is_made_before_the_sum_is_done():
    stack = new_stack()
    taken = options(stack)
    before = len(stack.node.children)
    with pytest.raises(InvalidDeploymentError, match="more than max_overlap = 300 s"):
        http(stack, Deployment.blue_green(bake=MINUTES(30)), **taken)
    assert len(stack.node.children) == before


def test_a_network_load_balancer_is_incompatible_with_five_minutes():
    with pytest.raises(InvalidDeploymentError, match=r"600 s the network load balancer follows .* max_overlap = 300 s"):
        tcp(new_stack(), Deployment.blue_green())


def test_a_deadline_that_would_end_a_good_deployment_is_refused_with_its_sum():
    deployment = Deployment.blue_green(migration=Migration.run_task(["migrate"], timeout=MINUTES(15)))
    with pytest.raises(InvalidDeploymentError) as refused:
        http(new_stack(), deployment)
    assert str(refused.value) == (
        "service `api`: a deployment may take 900 s migration + 20 s green becomes healthy + 60 s bake + 60 s blue is "
        "drained and stops + 45 s ECS between its stages, estimated = 1085 s, more than deadline = 900 s, which would "
        "end it; shorten one of these, or raise deadline"
    )


def test_an_approval_does_not_use_up_the_deadline():
    deployment = Deployment.blue_green(approval=Approval(), max_overlap=None)
    assert http(new_stack(), deployment).second_target_group is not None


def test_rolling_again_is_not_summed_up():
    deployment = Deployment.blue_green(bake=cdk.Duration.hours(1)).as_rolling()
    assert http(new_stack(), deployment).second_target_group is not None


def test_no_budget_and_no_deadline_take_any_time():
    deployment = Deployment.linear(3, hold=MINUTES(30), max_overlap=None, deadline=None)
    assert http(new_stack(), deployment).second_target_group is not None
    assert total([]) == 0

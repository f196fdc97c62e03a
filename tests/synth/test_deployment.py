"""Deployments that could block are refused before there are any."""

import contextlib

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from hypothesis import assume, given
from hypothesis import strategies as st

from roadworthy.patterns import CircuitBreaker, Deployment, InvalidDeploymentError, Scaling, ScheduledBounds
from tests.synth.template import Template

pytestmark = pytest.mark.synth

NIGHT = ScheduledBounds(name="Night", expression="cron(0 20 * * ? *)", min=1)
OFF = ScheduledBounds(name="Off", expression="cron(0 20 * * ? *)", min=0, max=0)


def can_move(count, minimum, maximum):
    """Play it: whether a task can start or stop without leaving the bounds."""
    return 100 * (count + 1) <= count * maximum or 100 * (count - 1) >= count * minimum


MINIMUM = st.integers(0, 100) | st.integers(90, 100)
MAXIMUM = st.integers(100, 300) | st.integers(100, 115)


@given(minimum=MINIMUM, maximum=MAXIMUM, low=st.integers(1, 120), more=st.integers(0, 60))
def test_a_deployment_is_refused_exactly_when_a_count_between_the_bounds_blocks(minimum, maximum, low, more):
    assume(not minimum == maximum == 100)
    deployment = Deployment.rolling(min_healthy_percent=minimum, max_percent=maximum)
    blocked = [count for count in range(low, low + more + 1) if not can_move(count, minimum, maximum)]
    expected = f"of {blocked[0]} at most {blocked[0]} may run" if blocked else None
    with pytest.raises(InvalidDeploymentError, match=expected) if expected else contextlib.nullcontext():
        deployment.refuse_scaling(Scaling(min=low, max=low + more))


@given(minimum=MINIMUM, maximum=MAXIMUM, count=st.integers(1, 20))
def test_each_cure_that_the_message_names_cures(minimum, maximum, count):
    assume(not minimum == maximum == 100 and not can_move(count, minimum, maximum))
    with pytest.raises(InvalidDeploymentError) as refused:
        Deployment.rolling(min_healthy_percent=minimum, max_percent=maximum).refuse_scaling(Scaling.fixed(count))
    words = str(refused.value).partition("; set ")[2].replace(",", "").split()
    higher, lower = (int(words[words.index(name) + 2]) for name in ("max_percent", "min_healthy_percent"))
    for cure in ({"max_percent": higher}, {"min_healthy_percent": lower}):
        Deployment.rolling(**{"min_healthy_percent": minimum, "max_percent": maximum, **cure}).refuse_scaling(
            Scaling.fixed(count)
        )


def test_the_sum_is_done_for_every_count_that_blocks():
    with pytest.raises(InvalidDeploymentError) as refused:
        Deployment.rolling(min_healthy_percent=75, max_percent=125).refuse_scaling(Scaling(min=2, max=6))
    assert str(refused.value) == (
        "deployment min_healthy_percent = 75 (rounded up), max_percent = 125 (rounded down): no task could start or "
        "stop: of 2 at most 2 may run and at least 2 must, of 3 at most 3 may run and at least 3 must; "
        "set max_percent to 150 or more, or min_healthy_percent to 50 or less, or run at least 4 tasks"
    )


def test_counts_of_schedules_count_but_off_is_no_count():
    tight = Deployment.rolling(max_percent=150)
    tight.refuse_scaling(Scaling(schedules=[OFF]))
    with pytest.raises(InvalidDeploymentError, match="of 1 at most 1"):
        tight.refuse_scaling(Scaling(schedules=[NIGHT]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Deployment.rolling(max_percent=100), "min_healthy_percent = 100, max_percent = 100: no task"),
        (lambda: Deployment.rolling(max_percent=99), "max_percent = 99 is less than 100"),
        (lambda: Deployment.rolling(min_healthy_percent=101), r"min_healthy_percent = 101 is not in 0\.\.100"),
        (lambda: Deployment.rolling(min_healthy_percent=-1), r"min_healthy_percent = -1 is not in 0\.\.100"),
        (lambda: Deployment.rolling(max_percent=150.5), r"max_percent = 150.5 is not a whole number"),
        (lambda: CircuitBreaker.count(0), "circuit breaker COUNT = 0 is less than 1"),
        (lambda: CircuitBreaker.percent(0), "circuit breaker BOUNDED_PERCENT = 0 is less than 1"),
        (lambda: Deployment.rolling(alarms=["arn:aws:cloudwatch:x"]), "'arn:aws:cloudwatch:x' is an ARN"),
        (lambda: Deployment.rolling(alarms=["a", "a"]), "names an alarm twice: a, a"),
        (lambda: Deployment.rolling(alarms=[""]), "alarm '' is no name"),
        (lambda: Deployment.rolling(alarms="cpu"), "alarms 'cpu' is one text: write a list"),
    ],
)
def test_what_ecs_would_refuse_is_refused_with_its_value(make, message):
    with pytest.raises(InvalidDeploymentError, match=message):
        make()


@pytest.fixture
def configuration():
    def configure(deployment):
        stack = cdk.Stack(cdk.App(), "Stack")
        task = ecs.FargateTaskDefinition(stack, "Task")
        task.add_container("App", image=ecs.ContainerImage.from_registry("nginx:1.27.3"))
        service = ecs.FargateService(
            stack,
            "Service",
            cluster=ecs.Cluster.from_cluster_attributes(
                stack,
                "Cluster",
                cluster_name="main",
                vpc=ec2.Vpc.from_vpc_attributes(
                    stack, "Vpc", vpc_id="vpc-1", availability_zones=["a"], private_subnet_ids=["subnet-1"]
                ),
            ),
            task_definition=task,
            min_healthy_percent=deployment.min_healthy_percent,
            max_healthy_percent=deployment.max_percent,
            circuit_breaker=deployment.l2_circuit_breaker,
            availability_zone_rebalancing=deployment.zone_rebalancing,
        )
        deployment.attach(service)
        template = assertions.Template.from_stack(stack).to_json()
        return Template(template["Resources"], {}).only("AWS::ECS::Service")

    return configure


def test_the_default_rolls_back_and_names_no_controller(configuration):
    service = configuration(Deployment.rolling())
    assert service["DeploymentConfiguration"]["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert "DeploymentController" not in service
    assert service["AvailabilityZoneRebalancing"] == "ENABLED"


def test_thresholds_and_alarms_are_rendered(configuration):
    breaker = CircuitBreaker.percent(30, bounded=False)
    service = configuration(Deployment.rolling(circuit_breaker=breaker, alarms=["api-errors"], rollback_on_alarm=False))
    assert service["DeploymentConfiguration"]["DeploymentCircuitBreaker"] == {
        "Enable": True,
        "Rollback": True,
        "ThresholdConfiguration": {"Type": "UNBOUNDED_PERCENT", "Value": 30},
    }
    assert service["DeploymentConfiguration"]["Alarms"] == {
        "AlarmNames": ["api-errors"],
        "Enable": True,
        "Rollback": False,
    }


def test_one_task_that_must_never_run_twice_is_not_rebalanced(configuration):
    once = Deployment.rolling(min_healthy_percent=0, max_percent=100)
    once.refuse_scaling(Scaling.fixed(1))
    assert configuration(once)["AvailabilityZoneRebalancing"] == "DISABLED"


def test_tokens_pass():
    number = cdk.CfnParameter(cdk.Stack(cdk.App(), "Stack"), "Number", type="Number").value_as_number
    Deployment.rolling(max_percent=number, circuit_breaker=CircuitBreaker.count(number)).refuse_scaling(Scaling())
    Deployment.rolling(max_percent=150).refuse_scaling(Scaling(min=number))

"""Scaling and task sizes: refused at birth, rendered whole, and in nobody's way afterwards."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from hypothesis import given
from hypothesis import strategies as st

import roadworthy
from roadworthy.patterns import (
    CircuitBreaker,
    Deployment,
    DuplicateVariable,
    HealthCheck,
    HttpService,
    Image,
    InvalidHealthCheckError,
    InvalidScalingError,
    InvalidTaskSizeError,
    InvalidVariableError,
    PrivateNetwork,
    Scaling,
    ScheduledBounds,
    TaskSize,
)
from roadworthy.patterns.task_size import nearest_sizes
from roadworthy.patterns.variables import refuse_variables
from roadworthy.rules.facts.fargate_sizes import SIZES
from tests.synth.template import Template, text

pytestmark = pytest.mark.synth

MORNING = ScheduledBounds(name="Morning", expression="cron(0 8 ? * MON-FRI *)", min=4, time_zone="Asia/Singapore")
EVERY_SIZE = [(cpu, memory) for cpu, memories in SIZES.items() for memory in memories]


def service(stack, **options):
    repository = ecr.Repository.from_repository_name(stack, "Repository", "greeter")
    return HttpService(
        stack,
        "Service",
        **{
            "network": PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"]),
            "name": "greeter",
            "image": Image.from_ecr(repository, tag="3f2a9c1d0b7e"),
            "port": 8000,
            "health_check": HealthCheck.http("/health"),
            **options,
        },
    )


@pytest.fixture(scope="module")
def assembly(tmp_path_factory):
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("all")))
    service(
        cdk.Stack(app, "All", env=cdk.Environment(region="eu-west-1")),
        health_check=HealthCheck.http("/health", port=9001, start_seconds=60),
        scaling=Scaling(min=3, max=12, memory_percent=None, requests_per_target=1000, schedules=[MORNING]),
        deployment=Deployment.rolling(max_percent=150, circuit_breaker=CircuitBreaker.count(5), alarms=["greeter-5xx"]),
        cpu=512,
        memory_mib=1024,
    )
    broken = service(cdk.Stack(app, "Broken", env=cdk.Environment(region="eu-west-1")), name="broken")
    broken.service.node.default_child.add_property_override("DesiredCount", 2)
    broken.service.node.default_child.add_property_override("DeploymentConfiguration.MaximumPercent", 100)
    return Path(app.synth().directory)


@pytest.fixture(scope="module")
def template(assembly):
    return Template(json.loads((assembly / "All.template.json").read_text())["Resources"], {})


def test_a_scaled_service_has_no_desired_count_but_a_minimum(template):
    scaled = template.only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert "DesiredCount" not in template.only("AWS::ECS::Service")
    assert (scaled["MinCapacity"], scaled["MaxCapacity"]) == (3, 12)


def test_the_schedule_is_rendered_with_its_time_zone(template):
    (action,) = template.only("AWS::ApplicationAutoScaling::ScalableTarget")["ScheduledActions"]
    assert action["ScalableTargetAction"] == {"MinCapacity": 4}
    assert (action["Schedule"], action["Timezone"]) == ("cron(0 8 ? * MON-FRI *)", "Asia/Singapore")


def test_it_scales_by_what_was_asked_and_nothing_else(template):
    policies = template.of_type("AWS::ApplicationAutoScaling::ScalingPolicy").values()
    targets = [policy["TargetTrackingScalingPolicyConfiguration"] for policy in policies]
    kinds = {one["PredefinedMetricSpecification"]["PredefinedMetricType"]: one["TargetValue"] for one in targets}
    assert kinds == {"ECSServiceAverageCPUUtilization": 60, "ALBRequestCountPerTarget": 1000}


def test_the_load_balancer_reaches_the_port_of_the_health_check(template):
    ports = {each["FromPort"] for each in template.of_type("AWS::EC2::SecurityGroupIngress").values()}
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert {8000, 9001} <= ports
    assert [each["ContainerPort"] for each in container["PortMappings"]] == [8000, 9001]
    assert template.only("AWS::ElasticLoadBalancingV2::TargetGroup")["HealthCheckPort"] == "9001"
    assert "127.0.0.1:9001/health" in text(container["HealthCheck"]["Command"])


def test_the_deployment_is_rendered(template):
    configuration = template.only("AWS::ECS::Service")["DeploymentConfiguration"]
    assert configuration["DeploymentCircuitBreaker"]["ThresholdConfiguration"] == {"Type": "COUNT", "Value": 5}
    assert configuration["Alarms"]["AlarmNames"] == ["greeter-5xx"]
    assert (configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]) == (100, 150)
    assert template.only("AWS::ECS::Service")["HealthCheckGracePeriodSeconds"] == 90


def test_our_own_rules_find_nothing(assembly):
    assert [(each.rule, each.message) for each in roadworthy.check(assembly / "All.template.json").findings] == []


def test_whoever_goes_around_the_values_is_caught_by_the_rules(assembly):
    findings = roadworthy.check(assembly / "Broken.template.json").findings
    assert {each.rule for each in findings} >= {"desired-count-vs-autoscaling", "min-max-both-100"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Scaling(min=0), "scaling min = 0 is less than 1"),
        (lambda: Scaling(min=3, max=2), "scaling min = 3 is more than max = 2"),
        (lambda: Scaling(max=2.5), "scaling max = 2.5 is not a whole number"),
        (lambda: Scaling(cpu_percent=101), r"scaling cpu_percent = 101 is not in 1\.\.100"),
        (lambda: Scaling(requests_per_target=0), "scaling requests_per_target = 0 is less than 1"),
        (lambda: Scaling(cpu_percent=None, memory_percent=None), "min = 2, max = 10, but nothing scales between them"),
        (lambda: Scaling(schedules=[MORNING, MORNING]), "schedules of the same name: Morning, Morning"),
        (lambda: Scaling.fixed(-1), "scaling min = -1 is less than 0"),
        (
            lambda: ScheduledBounds(name="N", expression="0 8 * * *", min=1),
            r"'0 8 \* \* \*' is none of cron\(six fields\)",
        ),
        (lambda: ScheduledBounds(name="N", expression="rate(1 day)"), "schedule N changes neither min nor max"),
        (
            lambda: ScheduledBounds(name="N", expression="rate(1 day)", min=2, max=1),
            "schedule N min = 2 is more than max = 1",
        ),
        (
            lambda: ScheduledBounds(name="N", expression="rate(1 day)", min=2, time_zone="Asia/Singapur"),
            "time zone 'Asia/Singapur' is unknown",
        ),
        (lambda: Scaling(requests_per_target=9).attach(None), "requests_per_target = 9 needs a load balancer"),
    ],
)
def test_scaling_that_could_not_be_is_refused_with_its_value(make, message):
    with pytest.raises(InvalidScalingError, match=message):
        make()


def test_a_fixed_count_is_in_the_template_and_nothing_scales_it():
    assert (Scaling.fixed(1).desired_count, Scaling.fixed(1).attach(None)) == (1, None)


@pytest.mark.parametrize(("cpu", "memory"), EVERY_SIZE)
def test_every_size_of_fargate_is_taken(cpu, memory):
    assert TaskSize.at_least(cpu=cpu, memory_mib=memory) == TaskSize(cpu=cpu, memory_mib=memory)


def test_a_size_that_fargate_has_not_is_refused_with_the_nearest():
    with pytest.raises(InvalidTaskSizeError) as refused:
        TaskSize(cpu=256, memory_mib=4096)
    assert str(refused.value) == (
        "Fargate has no task of 256 CPU units with 4096 MiB; "
        "the nearest are 256 with 2048, 512 with 4096, 512 with 3072"
    )


@given(cpu=st.integers(-1, 10**6), memory=st.integers(-1, 10**6))
def test_the_sizes_that_are_offered_instead_exist(cpu, memory):
    assert set(nearest_sizes(cpu, memory)) <= set(EVERY_SIZE)
    if (cpu, memory) in EVERY_SIZE:
        assert nearest_sizes(cpu, memory)[0] == (cpu, memory)


@pytest.mark.parametrize(("cpu", "memory"), [("256", 512), (None, None), (256.5, 512)])
def test_a_size_that_is_no_number_is_refused(cpu, memory):
    with pytest.raises(InvalidTaskSizeError, match=f"no task of {cpu!r} CPU units"):
        TaskSize(cpu=cpu, memory_mib=memory)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PORT": 8000}, "container `api`: variable PORT = 8000 is no text"),
        ({"": "a"}, "container `api`: '' cannot be the name of a variable"),
        ({"A=B": "a"}, "'A=B' cannot be the name"),
    ],
)
def test_a_variable_that_no_process_could_have_is_refused(environment, message):
    with pytest.raises(InvalidVariableError, match=message):
        refuse_variables(environment, {}, what="container `api`")


def test_all_names_that_stand_twice_are_told_with_their_container():
    with pytest.raises(DuplicateVariable, match="B, C: in both environment and secrets of container `api`"):
        refuse_variables({"C": "1", "B": "2", "A": "3"}, {"B": None, "C": None}, what="container `api`")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"cpu": 256, "memory_mib": 4096}, InvalidTaskSizeError),
        ({"health_check": HealthCheck.tcp()}, InvalidHealthCheckError),
        ({"environment": {"PORT": 1}}, InvalidVariableError),
    ],
)
def test_a_service_refuses_before_anything_is_made(options, error):
    stack = cdk.Stack(cdk.App(), "Refused")
    with pytest.raises(error):
        service(stack, network=None, **options)
    assert stack.node.try_find_child("Service") is None


def test_tokens_pass():
    number = cdk.CfnParameter(cdk.Stack(cdk.App(), "Stack"), "Number", type="Number").value_as_number
    assert TaskSize(cpu=number, memory_mib=100).cpu == number
    assert Scaling(min=number, max=1, cpu_percent=number).counts is None

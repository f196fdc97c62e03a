"""Values refuse at birth what could only fail later."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ssm as ssm

from roadworthy.patterns import (
    DuplicateVariableError,
    HealthCheck,
    HttpService,
    Image,
    InvalidHealthCheckError,
    InvalidScalingError,
    PrivateNetwork,
    Scaling,
    UnpinnedImageError,
)

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def stack():
    return cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture(scope="module")
def repository(stack):
    return ecr.Repository.from_repository_name(stack, "Repository", "greeter")


@pytest.mark.parametrize(
    "path", ["", "health", "/health?deep=1", "/he alth", "/" + "a" * 1024, "/ü", "/a#b", "/'", '/"']
)
def test_a_path_that_no_health_check_can_have_is_refused(path):
    with pytest.raises(InvalidHealthCheckError, match="health-check path"):
        HealthCheck.http(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("interval_seconds", 4),
        ("interval_seconds", 301),
        ("timeout_seconds", 1),
        ("timeout_seconds", 61),
        ("healthy_threshold", 1),
        ("unhealthy_threshold", 11),
        ("start_seconds", -1),
        ("start_seconds", 301),
        ("timeout_seconds", 10),
    ],
)
def test_timing_that_ecs_or_the_load_balancer_refuses_is_refused(name, value):
    with pytest.raises(InvalidHealthCheckError, match=f"{name} = {value}"):
        HealthCheck.http("/health", **{name: value})


def test_the_container_and_the_target_group_get_the_same_check(stack):
    check = HealthCheck.http("/ready", interval_seconds=20, timeout_seconds=6)
    container, target_group = check.container(9000), check.target_group(9000)
    assert "http://127.0.0.1:9000/ready" in container.command[-1]
    assert (target_group.path, target_group.port) == ("/ready", "9000")
    assert container.interval.to_seconds() == target_group.interval.to_seconds() == 20


def test_the_grace_period_covers_the_start_and_the_first_checks():
    check = HealthCheck.http("/health", start_seconds=60, interval_seconds=10, healthy_threshold=3)
    assert check.grace_period.to_seconds() == 90


@pytest.mark.parametrize("reference", ["3f2a9c1d0b7e", "v1.4.2", "amd64-latest", "sha256:" + "0a" * 32])
def test_a_tag_or_digest_that_stays_is_taken(repository, reference):
    assert Image.from_ecr(repository, reference=reference).reference == reference


@pytest.mark.parametrize("reference", ["latest", "", "-a", "a b", "sha256:12", "sha256:" + "0A" * 32, "a" * 129, "a/b"])
def test_a_reference_that_moves_or_cannot_be_is_refused(repository, reference):
    with pytest.raises(UnpinnedImageError):
        Image.from_ecr(repository, reference=reference)


@pytest.mark.parametrize("bounds", [{"min": 0}, {"min": 3, "max": 2}, {"cpu_percent": 0}, {"memory_percent": 101}])
def test_bounds_that_cannot_scale_are_refused(bounds):
    with pytest.raises(InvalidScalingError):
        Scaling(**bounds)


def test_a_name_in_environment_and_secrets_is_refused_before_anything_is_made(stack, repository):
    parameter = ssm.StringParameter.from_secure_string_parameter_attributes(stack, "Token", parameter_name="/token")
    before = len(stack.node.children)
    with pytest.raises(DuplicateVariableError, match="TOKEN: in both environment and secrets of container `greeter`"):
        HttpService(
            stack,
            "Service",
            network=None,  # type: ignore[arg-type]
            name="greeter",
            image=Image.from_ecr(repository, reference="3f2a9c1d0b7e"),
            port=8000,
            health_check=HealthCheck.http("/health"),
            environment={"TOKEN": "a", "PLAIN": "b"},
            secrets={"TOKEN": ecs.Secret.from_ssm_parameter(parameter)},
        )
    assert len(stack.node.children) == before


def test_a_service_with_secrets_gets_the_endpoints_that_they_are_read_through(repository):
    stack = cdk.Stack(cdk.App(), "Secrets", env=cdk.Environment(region="eu-west-1"))
    network = PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"])
    parameter = ssm.StringParameter.from_secure_string_parameter_attributes(stack, "Token", parameter_name="/token")
    HttpService(
        stack,
        "Service",
        network=network,
        name="greeter",
        image=Image.from_ecr(ecr.Repository.from_repository_name(stack, "R", "greeter"), reference="3f2a9c1d0b7e"),
        port=8000,
        health_check=HealthCheck.http("/health"),
        secrets={"TOKEN": ecs.Secret.from_ssm_parameter(parameter)},
    )
    network.reach_secrets()
    assert network.vpc.node.try_find_child("SecretsManager") is not None
    assert network.vpc.node.try_find_child("Ssm") is not None

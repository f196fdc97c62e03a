"""What surrounds a service that runs: its image, secrets, log groups, network, alarms, quotas."""

import pytest

from roadworthy.testing import faults
from tests.unit.operations.diagnose.conftest import REGISTRY, SUBNETS, VPC

SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"


def test_a_tag_that_is_gone_from_ecr_is_found_before_the_next_start(account, found):
    (problem,) = found(account(image=f"{REGISTRY}/api:gone"), "image-in-registry")
    assert problem == (
        "error",
        "image-tag-missing",
        "container `api` uses `api:gone`, which the repository in account 111122223333, region eu-west-1 does not have",
        "Push the image before the deployment, or name one that exists",
    )


def test_an_image_for_another_processor_is_found(account, found):
    fake = account(image=f"{REGISTRY}/api:arm")
    fake.add_image("api", "arm", architectures=["arm64"])
    (problem,) = found(fake, "image-in-registry")
    assert problem[1:3] == (
        "image-platform-mismatch",
        "container `api` runs on `linux/amd64`, but image `api:arm` is built for `linux/arm64`",
    )


@pytest.mark.parametrize(
    ("reference", "what"),
    [
        (SECRET, "container `api` uses secret `db-AbCdEf`, which does not exist in region eu-west-1"),
        ("/shop/db", "container `api` uses parameter `/shop/db`, which does not exist in region eu-west-1"),
    ],
)
def test_a_secret_or_a_parameter_that_does_not_exist_is_found(account, found, reference, what):
    fake = account(container={"secrets": [{"name": "DB", "valueFrom": reference}]})
    assert [problem[1:3] for problem in found(fake, "secrets-exist")] == [("secret-or-parameter-missing", what)]


def test_a_log_group_that_does_not_exist_is_found(account, found):
    fake = account()
    del fake.logs.groups["/ecs/api"]
    (problem,) = found(fake, "log-groups-exist")
    assert problem[1:3] == (
        "log-group-missing",
        "container `api` logs to group `/ecs/api`, which does not exist in region eu-west-1",
    )


def test_a_security_group_that_keeps_the_load_balancer_out_is_named(account, found):
    assert found(account(open_port=80), "network-path") == [
        (
            "error",
            "lb-to-task-port-blocked",
            "security group `sg-0aaaaaaaaaaaaaaaa` does not let load balancer `front` in on port 8080 of service `api`",
            "Allow TCP 8080 into it from `sg-0balancer`",
        )
    ]


def test_a_load_balancer_that_may_not_send_is_named(account, found):
    fake = account()
    fake.neighbours.ec2.add_security_group("sg-0balancer", vpc=VPC, egress=False)
    (problem,) = found(fake, "network-path")
    assert problem[1:3] == (
        "lb-egress-blocks-task",
        "security group `sg-0balancer` does not let load balancer `front` out to port 8080 of service `api`",
    )


def test_a_rule_for_another_security_group_lets_no_load_balancer_in(account, found):
    fake = account()
    fake.neighbours.ec2.add_security_group("sg-0aaaaaaaaaaaaaaaa", vpc=VPC, ingress=[(8080, "sg-0other")])
    assert [problem[1] for problem in found(fake, "network-path")] == ["lb-to-task-port-blocked"]


def test_a_rule_for_every_address_lets_it_in(account, found):
    fake = account()
    fake.neighbours.ec2.add_security_group("sg-0aaaaaaaaaaaaaaaa", vpc=VPC, ingress=[(8080, "0.0.0.0/0")])
    assert found(fake, "network-path") == []


def test_a_closed_port_is_the_root_of_targets_that_time_out(account, diagnosed):
    fake = account(open_port=80)
    fake.deploy(faults.failed_health_checks("Target.Timeout"))
    root = diagnosed(fake).root_cause
    assert root.problem.kind == "lb-to-task-port-blocked"
    assert root.explains == ("last-deployment", "application-healthy")


def test_subnets_that_are_nearly_full_are_told(account, found):
    fake = account()
    for subnet in SUBNETS:
        fake.neighbours.ec2.add_subnet(subnet, vpc=VPC, free_addresses=0)
    (problem,) = found(fake, "subnet-addresses")
    assert problem[:2] == ("warning", "subnet-ip-exhaustion")


def test_an_alarm_that_is_red_is_named(account, found):
    fake = account(alarms=["api-5xx"])
    fake.set_alarm("api-5xx")
    (problem,) = found(fake, "deployment-alarms")
    assert problem[1] == "deployment-alarm-in-alarm"
    assert "`api-5xx`" in problem[2]


def test_a_quota_that_one_deployment_exceeds_is_told_with_both_numbers(account, found):
    fake = account(desired=20)
    assert found(fake, "vcpu-quota") == [
        (
            "error",
            "quota-reached",
            "a deployment of the service needs 10 vCPUs, and the account's quota is 6",
            "Raise quota L-3032A538 of Fargate in Service Quotas, or run fewer tasks",
        )
    ]


def test_a_name_in_environment_and_in_secrets_is_found(account, found):
    both = {"environment": [{"name": "DB", "value": "x"}], "secrets": [{"name": "DB", "valueFrom": SECRET}]}
    (problem,) = found(account(container=both), "env-secret-names")
    assert problem[:3] == (
        "error",
        "env-secret-collision",
        "container `api` defines `DB` in both environment and secrets",
    )


def test_a_path_that_container_and_target_group_check_differently_is_found(account, found):
    command = ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"]
    fake = account(path="/", container={"healthCheck": {"command": command}})
    assert "health-check-path-mismatch" in [problem[1] for problem in found(fake, "health-checks-agree")]


def test_the_other_rules_read_the_live_service_too(account, found):
    fake = account(image=f"{REGISTRY}/api:latest")
    assert "latest-image-tag" in [problem[1] for problem in found(fake, "definition-rules")]


def test_a_delay_that_aws_does_not_tell_is_not_taken_for_the_default(account, found):
    assert found(account(container={"stopTimeout": 60}), "definition-rules") == []

"""The deployment itself, by the real CDK CLI through CloudFormation."""

import subprocess

import pytest

from roadworthy.node import pinned_node
from tests.e2e.conftest import ROOT, eventually

pytestmark = pytest.mark.e2e


def test_a_first_deployment_without_an_image_fails_and_says_what_to_push(aws_and_first_refusal):
    _, refused = aws_and_first_refusal
    uri = "000000000000.dkr.ecr.ap-southeast-1.amazonaws.com/query-service:"
    assert "is not in ECR: docker build" in str(refused)
    assert f"docker push {uri}" in str(refused)


def test_it_succeeds_once_the_image_is_pushed(service):
    (stack,) = service.aws.client("cloudformation").describe_stacks(StackName="QueryServiceStack")["Stacks"]
    assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def target_states(service) -> list[str]:
    (group,) = service.aws.client("elbv2").describe_target_groups()["TargetGroups"]
    health = service.aws.client("elbv2").describe_target_health(TargetGroupArn=group["TargetGroupArn"])
    return [each["TargetHealth"]["State"] for each in health["TargetHealthDescriptions"]]


def test_two_tasks_run_and_are_healthy_targets(service):
    eventually(lambda: target_states(service) == ["healthy"] * 2)  # scaling starts the second one after the deployment
    tasks = service.aws.client("ecs").describe_services(cluster="query-service-cluster", services=["query-service"])
    assert tasks["services"][0]["runningCount"] == 2


def test_cdk_diff_finds_no_difference_after_the_deployment(service):
    cdk = [pinned_node(), ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"]
    command = [*cdk, "diff", "--fail", "--no-notices", "--app", service.aws.state / "cdk.out", "QueryServiceStack"]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=service.aws.state,
        env=service.aws.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Number of stacks with differences: 0" in done.stdout + done.stderr


def test_the_task_runs_under_its_own_role_which_may_do_nothing(service):
    task = service.aws.client("ecs").describe_task_definition(taskDefinition="query-service")["taskDefinition"]
    role = task["taskRoleArn"].rpartition("/")[2]
    iam = service.aws.client("iam")
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []

"""Every fault that a deployment meets: which check finds it, with which cause and next step."""

import pytest

from roadworthy.testing import faults

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:4f1c2ab"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:missing"
READ_LOG = "Read the container's log: the application ended by itself"
CASES = {
    "pull error": (
        faults.pull_error(),
        "image-pulled",
        "image-not-found",
        f"image `{IMAGE}` is not in its repository",
        "Push the image, or deploy one that exists",
    ),
    "secret denied": (
        faults.secret_missing(),
        "task-prepared",
        "permission-missing",
        f"role `api-execution` lacks secretsmanager:GetSecretValue on `{SECRET}`",
        f"Allow secretsmanager:GetSecretValue on `{SECRET}` to role `api-execution`",
    ),
    "secret missing": (
        faults.secret_missing(denied=False),
        "task-prepared",
        "secret-missing",
        f"secret `{SECRET}` does not exist in the task's region",
        "Create the secret, or correct its ARN in the container's secrets",
    ),
    "log group missing": (
        faults.log_group_missing(),
        "task-prepared",
        "log-group-missing",
        "log group `/ecs/api` does not exist in the task's region",
        "Create the log group, or set awslogs-create-group and allow logs:CreateLogGroup to the execution role",
    ),
    "crash loop": (
        faults.crash_loop(1),
        "application-started",
        "container-exited",
        "container `api` exited with code 1: an error in the application",
        READ_LOG,
    ),
    "out of memory": (
        faults.out_of_memory(),
        "application-started",
        "out-of-memory",
        "container `api` used more memory than it has, and was killed",
        "Raise the container's or the task's memory, or find what uses it",
    ),
    "container unhealthy": (
        faults.failed_health_checks(),
        "application-healthy",
        "container-unhealthy",
        "the health check of container `api` fails",
        "Run the health check's command in the container, read its log, and give a slow start a longer startPeriod",
    ),
    "targets answer 404": (
        faults.failed_health_checks("Target.ResponseCodeMismatch"),
        "application-healthy",
        "target-unhealthy",
        "the health check of target group `api` gets 404: the application has no such path",
        "Set the target group's health-check path to one that the application answers",
    ),
    "targets time out": (
        faults.failed_health_checks("Target.Timeout"),
        "application-healthy",
        "target-unhealthy",
        "the health check of target group `api` gets no answer in time",
        "Let the load balancer's security group reach the container's port, and see that the application listens on "
        "0.0.0.0",
    ),
    "no capacity": (
        faults.no_capacity(),
        "task-placement",
        "capacity-unavailable",
        "Fargate has no capacity in the Availability Zones of the service",
        "Wait, or add subnets in other Availability Zones",
    ),
    "no addresses": (
        faults.no_addresses(),
        "task-placement",
        "subnet-full",
        "subnet `subnet-0aaaaaaaaaaaaaaaa` has no free address",
        "Add subnets with free addresses, or free some",
    ),
}


@pytest.mark.parametrize(("fault", "check", "kind", "what", "next_step"), CASES.values(), ids=CASES)
def test_a_fault_is_found_while_the_deployment_still_goes_on(account, found, fault, check, kind, what, next_step):
    fake = account()
    fake.deploy(fault & faults.no_circuit_breaker(), seconds=90)
    assert ("error", kind, what, next_step) in found(fake, check)


def test_the_root_is_the_fault_and_it_explains_the_deployment_that_was_rolled_back(account, diagnosed):
    fake = account()
    fake.deploy(faults.pull_error())
    root = diagnosed(fake).root_cause
    assert (root.check.id, root.problem.kind, root.explains) == (
        "image-pulled",
        "image-not-found",
        ("last-deployment",),
    )
    assert root.problem.times == 3


def test_a_crash_shows_the_last_lines_of_its_log(account, diagnosed):
    fake = account()
    fake.deploy(faults.crash_loop(1, ["Traceback (most recent call last):", "KeyError: 'DATABASE_URL'"]))
    (verdict,) = diagnosed(fake, "application-started").verdicts
    assert verdict.problems[0].log == ("Traceback (most recent call last):", "KeyError: 'DATABASE_URL'")


def test_a_log_that_tells_of_another_processor_names_the_platform(account, found):
    fake = account()
    fake.deploy(faults.crash_loop(255, ["exec /usr/bin/python3: exec format error"]))
    (problem,) = found(fake, "image-pulled")
    assert problem[1:3] == (
        "image-platform-mismatch",
        f"image `{IMAGE}` is built for another processor than the task's",
    )


def test_a_task_that_never_comes_to_run_is_named_with_its_age(account, found):
    fake = account()
    fake.deploy(faults.never_starts(), seconds=1260)
    (problem,) = found(fake, "running-tasks")
    assert problem[1:3] == ("tasks-stuck", "2 of its tasks do not come to run; one has been ACTIVATING for 20 minutes")

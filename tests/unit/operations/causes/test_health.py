import pytest

from roadworthy.operations.causes import cause_of_target, cause_of_task

TARGET_GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/api-tg/7a7a1fcbd0455d4b"
REASONS = [
    (
        "Health checks failed with these codes: [404]",
        "the health check of target group `api-tg` gets 404: the application has no such path",
        "Set the target group's health-check path to one that the application answers",
    ),
    (
        "Health checks failed with these codes: [302]",
        "the health check of target group `api-tg` is redirected (302)",
        "Check a path that answers 200 by itself, without a redirect",
    ),
    (
        "Health checks failed with these codes: [401]",
        "the health check of target group `api-tg` is refused (401)",
        "Let the application answer the health-check path without signing in",
    ),
    (
        "Health checks failed with these codes: [502]",
        "the application answers the health check of target group `api-tg` with 502",
        "Read the container's log: the application or what it needs fails",
    ),
    (
        "Request timed out",
        "the health check of target group `api-tg` gets no answer in time",
        "Let the load balancer's security group reach the container's port, and see that the application listens on "
        "0.0.0.0",
    ),
    (
        "Health checks failed",
        "the health check of target group `api-tg` finds no connection, or no proper answer",
        "See that the application listens on the target group's port and protocol before the grace period is over",
    ),
]


@pytest.mark.parametrize(("reason", "what", "next_step"), REASONS)
def test_an_unhealthy_task_is_explained_by_the_load_balancers_reason(event, reason, what, next_step):
    message = (
        f"(service api) (task 01) (port 8080) is unhealthy in (target-group {TARGET_GROUP}) due to (reason {reason})."
    )
    assert event(message) == ("target-unhealthy", what, next_step)


def test_a_task_that_failed_the_load_balancers_check_names_the_target_group_not_the_kill(stopped):
    reason = f"Task failed ELB health checks in (target-group {TARGET_GROUP})"
    cause = cause_of_task(stopped("ServiceSchedulerInitiated", reason, exitCode=137))
    assert (cause.kind, cause.what) == ("target-unhealthy", "the health check of target group `api-tg` fails")


def test_a_task_that_failed_its_own_check_names_the_unhealthy_container(stopped):
    sick = {"name": "proxy", "healthStatus": "UNHEALTHY"}
    cause = cause_of_task(
        stopped("ServiceSchedulerInitiated", "Task failed container health checks", sick, exitCode=137)
    )
    assert (cause.kind, cause.what) == ("container-unhealthy", "the health check of container `proxy` fails")


@pytest.mark.parametrize(
    ("state", "reason", "what"),
    [
        ("unhealthy", "Target.Timeout", "the health check of target group `api-tg` gets no answer in time"),
        (
            "unhealthy",
            "Target.ResponseCodeMismatch",
            "the health check of target group `api-tg` gets an answer that it does not expect",
        ),
        (
            "unhealthy",
            "Target.FailedHealthChecks",
            "the health check of target group `api-tg` finds no connection, or no proper answer",
        ),
        (
            "unused",
            "Target.NotInUse",
            "no listener uses target group `api-tg`, or its load balancer is not in the task's Availability Zone",
        ),
        ("unused", "Target.NotRegistered", "the task is not registered in target group `api-tg`"),
        ("unused", "Target.IpUnusable", "the task's address is one that a load balancer uses"),
        ("unavailable", "Elb.InternalError", "the load balancer of target group `api-tg` has an error of its own"),
        ("unhealthy", "Target.Invented", "targets of target group `api-tg` are unhealthy"),
    ],
)
def test_a_reason_code_is_explained(state, reason, what):
    assert cause_of_target("api-tg", {"State": state, "Reason": reason}).what == what


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("healthy", ""),
        ("initial", "Elb.RegistrationInProgress"),
        ("initial", "Elb.InitialHealthChecking"),
        ("draining", "Target.DeregistrationInProgress"),
        ("unavailable", "Target.HealthCheckDisabled"),
    ],
)
def test_a_target_that_comes_goes_or_works_is_no_trouble(state, reason):
    assert cause_of_target("api-tg", {"State": state, "Reason": reason}) is None

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.operations.causes import cause_of_deployment, cause_of_event, cause_of_task
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.ecs.task import Task


@pytest.mark.parametrize(
    "message",
    [
        "(service api) has reached a steady state.",
        "(service api) has started 2 tasks: (task 01) (task 02).",
        "(service api) has stopped 1 running tasks: (task 01).",
        "(service api) has begun draining connections on 1 tasks.",
        "(service api) registered 1 targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b)",
        "(service api) deregistered 1 targets in (target-group api-tg)",
        "(service api) (deployment ecs-svc/0123) deployment completed.",
        "(service api) rolling back to deployment ecs-svc/0123.",
        "(service api) is AZ balanced with 1 tasks in eu-west-1a and 1 tasks in eu-west-1b.",
        "(service api) updated computed desiredCount for taskSet to 2",
        "",
    ],
)
def test_an_event_of_daily_life_has_no_cause(message):
    assert cause_of_event(message) is None


@pytest.mark.parametrize(
    ("stop_code", "reason"),
    [
        ("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/8646900195280463695)"),
        ("ServiceSchedulerInitiated", ""),
        ("ServiceSchedulerInitiated", "a reason that AWS makes up tomorrow"),
        ("UserInitiated", "Task stopped by user"),
        ("UserInitiated", "it failed me"),
        ("", ""),
    ],
)
def test_a_task_that_was_meant_to_stop_has_no_cause(stopped, stop_code, reason):
    assert cause_of_task(stopped(stop_code, reason, exitCode=137)) is None


def test_a_running_task_has_no_cause(stopped):
    assert cause_of_task(stopped("", "")) is None


def test_an_unknown_event_of_trouble_is_told_in_the_words_of_ecs():
    cause = cause_of_event("(service api) could not launch 2 tasks for deployment ecs-svc/0123.")
    assert (cause.kind, cause.what) == ("other", "(service api) could not launch 2 tasks for deployment ecs-svc/0123")


def test_an_unknown_reason_of_a_task_is_told_in_the_words_of_ecs(stopped):
    cause = cause_of_task(stopped("TaskFailedToStart", "The moon\nis \x1b[31mfull"))
    assert (cause.kind, cause.what) == ("other", "The moon is [31mfull")


PIECES = """CannotPullContainerError: ResourceInitializationError: {image} {} assumed-role/ secret asm ssm EFS hook % (
codes: [404] target-group OutOfMemoryError platform linux/ json key lookup 5 active deployments exist"""
WORDS = st.text() | st.lists(st.sampled_from(PIECES.split())).map(" ".join)


@given(reason=WORDS, stop_code=WORDS, container=WORDS, code=st.none() | st.integers())
def test_no_text_of_a_task_breaks_it(reason, stop_code, container, code):
    raw = {"name": "api", "reason": container, "exitCode": code}
    cause = cause_of_task(Task.parse({"stopCode": stop_code, "stoppedReason": reason, "containers": [raw]}))
    assert cause is None or (cause.kind and cause.next_step and "\n" not in cause.what + cause.evidence)


@given(text=WORDS)
def test_no_text_of_an_event_or_a_deployment_breaks_it(text):
    raw = {"status": "ROLLBACK_SUCCESSFUL", "statusReason": text}
    causes = cause_of_event(text), cause_of_deployment(ServiceDeployment.parse(raw))
    assert all(cause is None or (cause.kind and cause.what and cause.next_step) for cause in causes)

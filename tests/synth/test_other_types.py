"""Values of another type than an option takes are refused in one line, with the value."""

import pytest

from roadworthy.errors import RoadworthyError
from roadworthy.patterns import (
    HealthCheck,
    HttpService,
    Image,
    InvalidResourceError,
    Scaling,
    ScheduledBounds,
    ScheduledTask,
    TaskSize,
)
from tests.synth.patterns import new_stack, options

pytestmark = pytest.mark.synth

MORNING = ScheduledBounds(name="Morning", expression="rate(1 day)", min=1)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: HealthCheck.http("/", matcher=200), "matcher 200 "),
        (lambda: HealthCheck.http("/", interval_seconds=None), "interval_seconds = None "),
        (lambda: HealthCheck.http("/", probe=0), "command 0 is no list of words"),
        (lambda: HealthCheck.grpc(None), "service None "),
        (lambda: HealthCheck.command(None), "command None is no list of words"),
        (lambda: Image.from_registry(None), "image None is no text"),
        (lambda: Image.from_ecr(None, tag=1234567), "tag = 1234567 is no text"),
        (lambda: Image.from_asset(None), "folder None is no path"),
        (lambda: Scaling(schedules=MORNING), "is no list of ScheduledBounds"),
        (lambda: ScheduledBounds(name="Morning", expression=None, min=1), "None is none of cron"),
        (lambda: TaskSize(cpu="256"), "'256' CPU units"),
        (lambda: TaskSize(cpu=[]), r"\[\] CPU units"),
        (lambda: TaskSize.at_least(cpu="300"), "cpu = '300' is not a whole number"),
    ],
)
def test_a_value_refuses_what_is_of_another_type(make, told):
    with pytest.raises(RoadworthyError, match=told) as refused:
        make()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "option",
    [
        "cluster",
        "log_group",
        "encryption_key",
        "task_role",
        "execution_role",
        "namespace",
        "certificate",
        "listener",
        "load_balancer",
        "access_logs",
    ],
)
def test_a_name_is_no_resource(option):
    stack = new_stack()
    given = options(stack, port=80, health_check=HealthCheck.http("/"), **{option: "mine"})
    with pytest.raises(InvalidResourceError, match=f"{option} = 'mine' is no such resource: for a live one, .*from_"):
        HttpService(stack, "Service", **given)


def test_nor_is_a_resource_of_another_kind():
    stack = new_stack()
    given = options(stack, schedule="rate(1 day)")
    with pytest.raises(InvalidResourceError, match=r"cluster = .* is no such resource"):
        ScheduledTask(stack, "Task", cluster=given["network"].vpc, **given)


def test_a_command_is_a_list():
    stack = new_stack()
    with pytest.raises(RoadworthyError, match="command 1 is no list"):
        ScheduledTask(stack, "Task", **options(stack, schedule="rate(1 day)", command=1))

import pytest

from roadworthy.operations.ecs.task import Task
from roadworthy.operations.logs import last_lines, stream_of, tail
from roadworthy.testing import faults

OPTIONS = {"awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "ecs"}


def definition(**logging):
    return {"containerDefinitions": [{"name": "api", "logConfiguration": {"logDriver": "awslogs", **logging}}]}


def stopped(target, fake):
    cluster = target(fake).cluster
    return cluster, cluster.tasks(cluster.task_arns("api", stopped=True))[0]


def test_the_last_lines_are_the_newest_oldest_first(account, target):
    fake = account()
    fake.deploy(faults.crash_loop(1, ["one", "two", "three"]))
    assert last_lines(*stopped(target, fake), 2) == ("two", "three")


def test_a_container_that_wrote_nothing_is_a_note(account, target):
    fake = account()
    fake.deploy(faults.crash_loop(1))
    cluster, task = stopped(target, fake)
    assert tail(cluster, task) == ((), f"it wrote nothing: group /ecs/api has no stream ecs/api/{task.id}")


def test_the_stream_is_named_by_prefix_container_and_task():
    task = Task.parse({"taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/shop/0123"})
    assert stream_of(definition(options=OPTIONS), task, "api") == ("/ecs/api", "ecs/api/0123", "eu-west-1")


@pytest.mark.parametrize(
    "logging",
    [
        {"logDriver": "awsfirelens"},
        {"options": {"awslogs-group": "/ecs/api"}},
        {"options": None},
    ],
)
def test_what_is_no_stream_of_cloudwatch_is_none(logging):
    assert stream_of(definition(**logging), Task.parse({}), "api") is None


def test_a_log_of_another_region_is_named_not_read(account, target):
    options = {**OPTIONS, "awslogs-region": "eu-central-1"}
    fake = account(container={"logConfiguration": {"logDriver": "awslogs", "options": options}})
    fake.deploy(faults.crash_loop(1, ["one"]))
    cluster, task = stopped(target, fake)
    assert tail(cluster, task).note == f"its log is in eu-central-1: group /ecs/api, stream ecs/api/{task.id}"


def test_values_of_the_environment_and_passwords_in_addresses_are_hidden(account, target):
    fake = account(
        container={"environment": [{"name": "TOKEN", "value": "correct-horse"}, {"name": "L", "value": "info"}]}
    )
    fake.deploy(faults.crash_loop(1, ["info: correct-horse", "cannot reach postgres://shop:battery@db:5432/shop"]))
    assert last_lines(*stopped(target, fake)) == ("info: ***", "cannot reach postgres://shop:***@db:5432/shop")

"""CloudWatch Logs tells what containers wrote."""

import pytest

from roadworthy.testing import FakeEcs, faults
from roadworthy.testing.wire.errors import NotPlayedError

GROUP = "/shop/api"
LINES = ["starting", "ERROR no database", "WARN slow", "ERROR no queue"]


@pytest.fixture
def fake():
    fake = FakeEcs()
    for number, line in enumerate(LINES):
        fake.logs.write(GROUP, "api/1", 100.0 + number, line)
    fake.logs.write(GROUP, "web/1", 101.5, "hello")
    return fake


@pytest.fixture
def logs(fake):
    return fake.session().client("logs")


def messages(answer):
    return [event["message"] for event in answer["events"]]


def test_the_lines_of_all_streams_come_in_the_order_of_their_times(logs):
    answer = logs.filter_log_events(logGroupName=GROUP)
    assert messages(answer) == ["starting", "ERROR no database", "hello", "WARN slow", "ERROR no queue"]
    assert answer["events"][2]["timestamp"] == 101_500
    assert answer["events"][2]["logStreamName"] == "web/1"
    assert len({event["eventId"] for event in answer["events"]}) == 5


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ERROR", ["ERROR no database", "ERROR no queue"]),
        ("ERROR queue", ["ERROR no queue"]),
        ('"no database"', ["ERROR no database"]),
        ("?WARN ?hello", ["hello", "WARN slow"]),
        ("-ERROR -WARN", ["starting", "hello"]),
        ("", ["starting", "ERROR no database", "hello", "WARN slow", "ERROR no queue"]),
    ],
)
def test_a_pattern_filters_by_words(logs, pattern, found):
    assert messages(logs.filter_log_events(logGroupName=GROUP, filterPattern=pattern)) == found


def test_a_pattern_for_json_is_not_played(logs):
    with pytest.raises(NotPlayedError, match=r"filter pattern `{ .level = 1 }` is not played"):
        logs.filter_log_events(logGroupName=GROUP, filterPattern="{ $level = 1 }")


def test_the_start_is_inside_the_end_is_not(logs):
    answer = logs.filter_log_events(logGroupName=GROUP, startTime=101_000, endTime=102_000)
    assert messages(answer) == ["ERROR no database", "hello"]


@pytest.mark.parametrize("named", [{"logStreamNames": ["web/1"]}, {"logStreamNamePrefix": "web/"}])
def test_streams_can_be_chosen(logs, named):
    assert messages(logs.filter_log_events(logGroupName=GROUP, **named)) == ["hello"]


def test_a_group_can_be_named_by_its_arn(logs):
    arn = f"arn:aws:logs:eu-west-1:111122223333:log-group:{GROUP}"
    assert len(messages(logs.filter_log_events(logGroupIdentifier=arn))) == 5


def test_filtered_lines_come_in_pages(logs):
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, PaginationConfig={"PageSize": 2})
    assert [len(page["events"]) for page in pages] == [2, 2, 1]


def stream(logs, **parameters):
    return logs.get_log_events(logGroupName=GROUP, logStreamName="api/1", **parameters)


def test_the_last_lines_of_a_stream_come_first(logs):
    last = stream(logs, limit=2)
    assert messages(last) == ["WARN slow", "ERROR no queue"]
    assert messages(stream(logs, limit=2, nextToken=last["nextBackwardToken"])) == ["starting", "ERROR no database"]


def test_at_the_end_of_a_stream_the_same_token_is_given_again(fake, logs):
    whole = stream(logs, startFromHead=True)
    assert messages(whole) == LINES
    again = stream(logs, nextToken=whole["nextForwardToken"])
    assert (messages(again), again["nextForwardToken"]) == ([], whole["nextForwardToken"])
    fake.logs.write(GROUP, "api/1", 200.0, "stopped")
    assert messages(stream(logs, nextToken=again["nextForwardToken"])) == ["stopped"]


def test_a_crashing_task_leaves_its_last_lines(fake, logs):
    fake.add_service("shop", "worker", image="worker:1")
    fake.script("worker", faults.crash_loop(logs=["Traceback", "KeyError: 'QUEUE'"]))
    fake.session().client("ecs").update_service(cluster="shop", service="worker", forceNewDeployment=True)
    fake.clock.sleep(60)
    assert messages(logs.filter_log_events(logGroupName="/ecs/worker"))[:2] == ["Traceback", "KeyError: 'QUEUE'"]


def test_groups_are_listed_by_prefix_and_by_part(fake, logs):
    fake.logs.create("/shop/web")
    fake.logs.create("/other")

    def names(**parameters):
        return [group["logGroupName"] for group in logs.describe_log_groups(**parameters)["logGroups"]]

    assert names() == ["/other", "/shop/api", "/shop/web"]
    assert names(logGroupNamePrefix="/shop") == ["/shop/api", "/shop/web"]
    assert names(logGroupNamePattern="web") == ["/shop/web"]
    assert len(list(logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 1}))) == 3


@pytest.mark.parametrize(
    ("method", "parameters", "what"),
    [
        ("filter_log_events", {"logGroupName": "/none"}, "group"),
        ("get_log_events", {"logGroupName": "/none", "logStreamName": "a"}, "group"),
        ("get_log_events", {"logGroupName": GROUP, "logStreamName": "a"}, "stream"),
        ("filter_log_events", {"logGroupName": GROUP, "logStreamNames": ["a"]}, "stream"),
    ],
)
def test_what_does_not_exist_is_refused_as_aws_does(logs, method, parameters, what):
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match=f"The specified log {what} does not exist"):
        getattr(logs, method)(**parameters)


@pytest.mark.parametrize("token", ["x", "f/x", "page-from-x", "page-from-²"])
def test_a_token_that_was_never_given_is_refused(logs, token):
    with pytest.raises(logs.exceptions.InvalidParameterException):
        stream(logs, nextToken=token)
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.filter_log_events(logGroupName=GROUP, nextToken=token)

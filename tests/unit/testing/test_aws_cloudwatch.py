"""CloudWatch tells the states of alarms, which ECS's deployments watch."""

import pytest

from roadworthy.testing import FakeEcs


@pytest.fixture
def fake():
    fake = FakeEcs()
    fake.set_alarm("api-5xx", "OK")
    fake.set_alarm("api-slow", "ALARM")
    fake.set_alarm("web-5xx", "INSUFFICIENT_DATA")
    return fake


@pytest.fixture
def cloudwatch(fake):
    return fake.session().client("cloudwatch")


def names(answer):
    return [alarm["AlarmName"] for alarm in answer.get("MetricAlarms", [])]


def test_an_alarm_has_its_state_and_its_arn(cloudwatch):
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["api-slow"])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    assert alarm["AlarmArn"] == "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:api-slow"


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, ["api-5xx", "api-slow", "web-5xx"]),
        ({"AlarmNamePrefix": "api-"}, ["api-5xx", "api-slow"]),
        ({"StateValue": "OK"}, ["api-5xx"]),
        ({"AlarmNames": ["web-5xx", "absent"]}, ["web-5xx"]),
        ({"AlarmTypes": ["CompositeAlarm"]}, []),
    ],
)
def test_alarms_are_chosen_by_name_prefix_state_and_type(cloudwatch, parameters, found):
    assert names(cloudwatch.describe_alarms(**parameters)) == found


def test_composite_alarms_are_told_when_they_are_asked_for(fake, cloudwatch):
    fake.neighbours.cloudwatch.composite.add("api-slow")
    assert names(cloudwatch.describe_alarms()) == ["api-5xx", "web-5xx"]
    answer = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert [alarm["AlarmName"] for alarm in answer["CompositeAlarms"]] == ["api-slow"]


def test_alarms_come_in_pages(cloudwatch):
    pages = cloudwatch.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 2})
    assert [names(page) for page in pages] == [["api-5xx", "api-slow"], ["web-5xx"]]


def test_a_state_has_the_time_since_when_it_was_seen(fake, cloudwatch):
    def since():
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=["api-5xx"])["MetricAlarms"]
        return alarm["StateUpdatedTimestamp"].timestamp()

    start = since()
    fake.clock.sleep(60)
    assert since() == start
    fake.set_alarm("api-5xx", "ALARM")
    assert since() == start + 60


def test_an_alarm_that_goes_off_rolls_a_deployment_back(fake, cloudwatch):
    fake.add_service("shop", "api", image="api:1", alarms=["api-5xx"], bake_minutes=5)
    ecs = fake.session().client("ecs")
    ecs.update_service(cluster="shop", service="api", forceNewDeployment=True)
    fake.clock.sleep(90)
    fake.set_alarm("api-5xx", "ALARM")
    fake.clock.sleep(600)
    assert ecs.list_service_deployments(service="api", cluster="shop")["serviceDeployments"][0]["status"] == (
        "ROLLBACK_SUCCESSFUL"
    )
    assert names(cloudwatch.describe_alarms(StateValue="ALARM")) == ["api-5xx", "api-slow"]


def test_more_than_a_hundred_names_are_refused(cloudwatch):
    with pytest.raises(cloudwatch.exceptions.ClientError, match="Member must have length less than or equal to 100"):
        cloudwatch.describe_alarms(AlarmNames=[f"alarm-{number}" for number in range(101)])


def test_a_token_that_was_never_given_is_refused(cloudwatch):
    with pytest.raises(cloudwatch.exceptions.InvalidNextToken):
        cloudwatch.describe_alarms(NextToken="x")

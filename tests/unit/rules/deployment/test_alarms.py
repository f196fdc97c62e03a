"""The alarms that a deployment watches."""

import pytest

from tests.unit.rules.deployment.configurations import OPEN

ALARM = "deployment-alarm-unknown"


def alarms(*names, enable=True):
    return {"Alarms": {"AlarmNames": list(names), "Enable": enable, "Rollback": True}}


def alarm(name="failing"):
    return {"Failing": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": name}}}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"Fn::GetAtt": ["Failing", "Arn"]}, "Failing"),
        ("arn:aws:cloudwatch:eu-west-1:1:alarm:a", "arn:aws:cloudwatch:eu-west-1:1:alarm:a"),
    ],
)
def test_an_alarm_by_its_arn_is_an_error(of_service, name, shown):
    message = f"service `Service` names deployment alarm `{shown}` by its ARN"
    assert of_service(ALARM, alarms(name), alarm()) == [("error", message)]


@pytest.mark.parametrize("name", ["failing", {"Fn::Sub": "${AWS::StackName}-failing"}])
def test_an_alarm_that_may_be_made_later_is_a_warning(of_service, name):
    message = "service `Service` may be made before its deployment alarm `Failing`"
    assert of_service(ALARM, alarms(name), alarm(name)) == [("warning", message)]


@pytest.mark.parametrize(
    "configuration",
    [
        alarms({"Ref": "Failing"}),
        alarms("other"),
        alarms(OPEN),
        alarms({"Fn::GetAtt": ["Failing", "Arn"]}, enable=False),
        {"Alarms": OPEN},
        None,
    ],
)
def test_alarms_that_may_be_there_are_silent(of_service, configuration):
    assert of_service(ALARM, configuration, alarm()) == []

import pytest

UNKNOWN, RED = "deployment-alarm-unknown", "deployment-alarm-in-alarm"


@pytest.fixture
def alarm(client):
    """Make an alarm in a state."""

    def build(name, state="OK"):
        metric = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 60}
        rule = {"EvaluationPeriods": 1, "Threshold": 80, "ComparisonOperator": "GreaterThanThreshold"}
        client("cloudwatch").put_metric_alarm(AlarmName=name, **metric, **rule)
        client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")

    return build


@pytest.fixture
def watched(found, task, service):
    def check(*names, enable=True, more=None, **sections):
        alarms = {"AlarmNames": list(names), "Enable": enable, "Rollback": True}
        return found({**task(), **service(DeploymentConfiguration={"Alarms": alarms}), **(more or {})}, **sections)

    return check


def unknown(name):
    return (UNKNOWN, "warning", f"service `Api` watches alarm `{name}`, which does not exist in region eu-west-1")


def red(name):
    return (RED, "warning", f"service `Api` watches alarm `{name}`, which is in ALARM already")


def test_alarms_that_exist_and_are_quiet_are_right(watched, alarm):
    alarm("cpu")
    alarm("young", "INSUFFICIENT_DATA")
    assert watched("cpu", "young") == []


def test_an_alarm_that_does_not_exist_is_a_warning(watched, alarm):
    alarm("cpu")
    assert watched("cpu", "cpuu") == [unknown("cpuu")]


def test_an_alarm_that_is_red_already_is_a_warning(watched, alarm):
    alarm("cpu", "ALARM")
    assert watched("cpu") == [red("cpu")]


def test_composite_alarms_are_alarms(watched, stub):
    asked = {"AlarmNames": ["all"], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100}
    answer = {"CompositeAlarms": [{"AlarmName": "all", "StateValue": "ALARM"}]}
    stub("cloudwatch").add_response("describe_alarms", answer, asked)
    assert watched("all") == [red("all")]


def test_more_than_a_hundred_alarms_are_asked_about_in_batches(watched, alarm, aws):
    alarm("a-007")
    names = [f"a-{number:03}" for number in range(150)]
    assert watched(*names) == [unknown(name) for name in names if name != "a-007"]
    assert [call for call, _, _ in aws._answers] == ["cloudwatch.describe_alarms"] * 2


DECLARED = {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "cpu"}}}


def test_an_alarm_of_the_same_template_need_not_exist(watched):
    assert watched("cpu", more=DECLARED) == []


def test_an_alarm_of_the_same_template_must_not_be_red(watched, alarm):
    alarm("cpu", "ALARM")
    assert watched("cpu", more=DECLARED) == [red("cpu")]


@pytest.mark.parametrize("enable", [False, "false", {"Ref": "Enable"}, {"Ref": "AWS::NoValue"}])
def test_alarms_that_may_be_off_are_silent(watched, deny, enable):
    deny("cloudwatch", "describe_alarms")
    assert watched("cpu", enable=enable, Parameters={"Enable": {"Type": "String"}}) == []


@pytest.mark.parametrize("name", [{"Ref": "Alarm"}, {"Fn::Sub": "${Stage}-cpu"}, ["cpu"], None, "x" * 256])
def test_names_that_are_not_known_are_silent(watched, deny, name):
    deny("cloudwatch", "describe_alarms")
    more = {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}}}
    assert watched(name, more=more, Parameters={"Stage": {"Type": "String"}}) == []


def test_a_lacking_permission_is_named_once_for_both_checks(watched, deny):
    deny("cloudwatch", "describe_alarms", "AccessDenied")
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu"
    message = f"could not check `{RED}`, `{UNKNOWN}`: the caller lacks cloudwatch:DescribeAlarms on {arn}"
    assert watched("cpu") == [("online-check-skipped", "warning", message)]

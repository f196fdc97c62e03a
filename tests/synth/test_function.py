"""Functions: bundled, traced, logged and watched; what fails for good is kept."""

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks

import roadworthy
from roadworthy.patterns import (
    BundlingError,
    Function,
    InvalidFunctionError,
    InvalidNameError,
    InvalidTimeoutError,
    InvalidVariableError,
    ServiceLogs,
)
from tests.synth.patterns import assembly, new_stack, synthesized
from tests.synth.template import reference

pytestmark = pytest.mark.synth

PACKAGE = Path(__file__).parents[2] / "lambdas" / "image_gate"


def function(stack, **more):
    given = {
        "package": PACKAGE,
        "name": "worker",
        "logs": ServiceLogs(retention_days=30),
        "timeout": cdk.Duration.seconds(10),
    }
    return Function(stack, "Function", **{**given, **more})


@pytest.fixture(scope="module")
def stack():
    stack = new_stack()
    made = function(stack, alarm_topic=sns.Topic(stack, "Topic"))
    assert made.keep_failed_events() is made.dead_letters
    assert list(made.alarms) == ["errors", "throttles", "dead-letters"]
    return stack


@pytest.fixture(scope="module")
def template(stack):
    return synthesized(stack)


@pytest.mark.parametrize(("name", "metric", "periods"), [("errors", "Errors", 2), ("throttles", "Throttles", 2)])
def test_two_periods_of_300_seconds_with_any_are_an_alarm(template, name, metric, periods):
    alarm = template.only("AWS::CloudWatch::Alarm", AlarmName=f"worker-{name}")
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", metric, "Sum")
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (0, 300, periods)
    assert reference(alarm["Dimensions"][0]["Value"]) in template.of_type("AWS::Lambda::Function")


def test_one_dead_letter_is_an_alarm_at_once(template):
    alarm = template.only("AWS::CloudWatch::Alarm", AlarmName="worker-dead-letters")
    assert (alarm["MetricName"], alarm["EvaluationPeriods"]) == ("ApproximateNumberOfMessagesVisible", 1)


def test_each_alarm_and_its_end_are_told(template):
    (topic,) = template.of_type("AWS::SNS::Topic")
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]


def test_what_fails_for_good_is_kept_encrypted_for_14_days_and_reached_over_tls_alone(template):
    (name,) = template.of_type("AWS::SQS::Queue")
    config = template.only("AWS::Lambda::EventInvokeConfig")
    (denied,) = template.only("AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    assert template.only("AWS::SQS::Queue")["SqsManagedSseEnabled"] is True
    assert template.only("AWS::SQS::Queue")["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert reference(config["DestinationConfig"]["OnFailure"]["Destination"]) == name
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (2, 6 * 3600)
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_it_is_traced_and_its_log_group_expires(template):
    assert template.only("AWS::Lambda::Function")["TracingConfig"] == {"Mode": "Active"}
    assert template.only("AWS::Logs::LogGroup", LogGroupName="/aws/lambda/worker")["RetentionInDays"] == 30


def test_our_own_rules_find_nothing_in_it(stack):
    assert roadworthy.check(assembly(stack)).findings == []


def test_cdk_nag_finds_nothing_in_it():
    stack = new_stack()
    function(stack).keep_failed_events()
    cdk.Validations.of(stack.node.root).add_plugins(AwsSolutionsChecks(stack.node.root))
    assert assembly(stack).is_dir()  # which fails on an error that is not waived


def test_a_queue_that_is_brought_along_is_used_and_left_to_its_owner():
    stack = new_stack()
    queue = sqs.Queue(stack, "Mine")
    made = function(stack)
    assert made.keep_failed_events(queue, retry_attempts=0, max_event_age=cdk.Duration.minutes(1)) is queue
    template = synthesized(stack)
    assert [name[:4] for name in template.of_type("AWS::SQS::Queue")] == ["Mine"]
    assert list(made.alarms) == ["errors", "throttles"]
    assert template.only("AWS::Lambda::EventInvokeConfig")["MaximumEventAgeInSeconds"] == 60


def test_without_a_topic_its_alarms_tell_nobody():
    stack = new_stack()
    function(stack)
    assert "AlarmActions" not in synthesized(stack).only("AWS::CloudWatch::Alarm", AlarmName="worker-errors")


def test_tokens_pass_unchecked():
    stack = new_stack()
    name, number = cdk.CfnParameter(stack, "Name"), cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    made = function(
        stack,
        name=name.value_as_string,
        memory_mib=number,
        timeout=cdk.Duration.seconds(number),
        environment={"URL": cdk.Fn.import_value("url")},
    )
    made.keep_failed_events(retry_attempts=number, max_event_age=cdk.Duration.seconds(number))
    resource = synthesized(stack).only("AWS::Lambda::Function")
    assert (resource["FunctionName"], resource["MemorySize"]) == ({"Ref": "Name"}, {"Ref": "Number"})
    assert resource["Timeout"] == {"Ref": "Number"}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"name": "a b"}, InvalidNameError, "function name 'a b' is not 1 to 64 letters"),
        ({"name": "n" * 65}, InvalidNameError, "function name 'n{65}' is not"),
        ({"timeout": cdk.Duration.minutes(16)}, InvalidTimeoutError, "function `worker`: timeout = 960 s is not"),
        ({"timeout": 10}, InvalidTimeoutError, "timeout = 10 is no duration"),
        ({"memory_mib": 64}, InvalidFunctionError, r"memory_mib = 64 is not in 128\.\.10240"),
        ({"environment": {"LIMIT": 5}}, InvalidVariableError, "function `worker`: variable LIMIT = 5 is no text"),
        ({"package": PACKAGE / "none"}, BundlingError, "none is not a Lambda package"),
    ],
)
def test_a_bad_argument_is_refused_by_name_and_value_before_anything_is_made(given, error, message):
    stack = new_stack()
    with pytest.raises(error, match=message):
        function(stack, **given)
    assert stack.node.children == []


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"retry_attempts": 3}, InvalidFunctionError, r"retry_attempts = 3 is not in 0\.\.2"),
        ({"max_event_age": cdk.Duration.hours(7)}, InvalidTimeoutError, "max_event_age = 25200 s is not"),
    ],
)
def test_failed_events_are_kept_within_what_lambda_takes(given, error, message):
    made = function(new_stack())
    with pytest.raises(error, match=message):
        made.keep_failed_events(**given)
    assert made.dead_letters is None


def test_failed_events_are_kept_once():
    made = function(new_stack())
    made.keep_failed_events()
    with pytest.raises(InvalidFunctionError, match="function `worker`: keep_failed_events was called before"):
        made.keep_failed_events()

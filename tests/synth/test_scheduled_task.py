"""Scheduled tasks: started at the right time, with the least permission, and never lost silently."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.patterns import Image, InvalidNameError, InvalidScheduleError, InvalidTimeoutError, ScheduledTask
from tests.synth.patterns import findings, new_stack, options, synthesized, vpc
from tests.synth.template import ancestors, reference

pytestmark = pytest.mark.synth

IMAGE = Image.from_registry("public.ecr.aws/nginx/nginx:1.27.3")
NIGHTLY = "cron(0 3 * * ? *)"


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    task = ScheduledTask(stack, "Task", schedule=NIGHTLY, time_zone="Asia/Singapore", **options(stack))
    task.on_failure("Failed", targets.SnsTopic(sns.Topic(stack, "Topic")))
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


@pytest.fixture(scope="module")
def schedule(template):
    return template.only("AWS::Scheduler::Schedule")


def test_it_is_started_at_the_time_of_its_zone(schedule):
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == (NIGHTLY, "Asia/Singapore")
    assert (schedule["State"], schedule["FlexibleTimeWindow"]) == ("ENABLED", {"Mode": "OFF"})


def test_it_runs_once_on_fargate_without_a_public_address(template, schedule):
    parameters = schedule["Target"]["EcsParameters"]
    network = parameters["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert (parameters["LaunchType"], parameters["TaskCount"]) == ("FARGATE", 1)
    assert reference(parameters["TaskDefinitionArn"]) in template.of_type("AWS::ECS::TaskDefinition")
    assert {reference(subnet) for subnet in network["Subnets"]} == template.of_type("AWS::EC2::Subnet").keys()
    assert network["AssignPublicIp"] == "DISABLED"


def test_the_scheduler_may_run_this_task_in_this_cluster_and_pass_its_two_roles(template):
    (definition,), (cluster,) = (template.of_type(f"AWS::ECS::{kind}") for kind in ("TaskDefinition", "Cluster"))
    by_action = {str(each["Action"]): each for each in template.statements("TaskScheduleRole")}
    run, may_pass = by_action["ecs:RunTask"], by_action["iam:PassRole"]
    assert run["Resource"] == {"Ref": definition}
    assert run["Condition"] == {"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": [cluster, "Arn"]}}}
    assert {reference(role)[:18] for role in may_pass["Resource"]} == {"TaskTaskDefinition"}
    assert may_pass["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    assert len(by_action) == 3  # and the queue


def test_only_the_scheduler_of_this_account_takes_the_role(template):
    (role,) = [each for name, each in template.of_type("AWS::IAM::Role").items() if "ScheduleRole" in name]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_start_is_tried_again_for_an_hour_and_then_kept(template, schedule):
    (queue,) = template.of_type("AWS::SQS::Queue")
    retries = {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 3}
    assert schedule["Target"]["RetryPolicy"] == retries
    assert schedule["Target"]["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
    assert template.only("AWS::SQS::Queue") == {
        "MessageRetentionPeriod": 14 * 24 * 3600,
        "MaximumMessageSize": 1_048_576,
        "SqsManagedSseEnabled": True,
    }


def test_endpoints_and_policies_are_there_before_the_schedule(template):
    (name,) = template.of_type("AWS::Scheduler::Schedule")
    needed = template.of_type("AWS::EC2::VPCEndpoint").keys() | {
        policy for policy in template.of_type("AWS::IAM::Policy") if policy.startswith("Task")
    }
    assert needed <= ancestors(template, name)


def test_a_task_that_fails_or_cannot_start_is_told(template):
    detail = template.only("AWS::Events::Rule")["EventPattern"]["detail"]
    assert detail["$or"] == [
        {"containers": {"exitCode": [{"anything-but": [0]}]}},
        {"stopCode": ["TaskFailedToStart"]},
    ]
    assert reference(detail["taskDefinitionArn"][0]) in template.of_type("AWS::ECS::TaskDefinition")


def test_our_own_rules_find_nothing_in_the_default(default):
    assert findings(default) == set()


def test_a_queue_that_is_brought_along_is_used():
    stack = new_stack()
    queue = sqs.Queue(stack, "Mine")
    taken = options(stack, network=vpc(stack), enabled=False, dead_letters=queue)
    ScheduledTask(stack, "Task", schedule="rate(1 hour)", **taken)
    template = synthesized(stack)
    assert template.only("AWS::Scheduler::Schedule")["State"] == "DISABLED"
    assert [name[:4] for name in template.of_type("AWS::SQS::Queue")] == ["Mine"]
    assert findings(stack) == set()


def test_tokens_pass_unchecked():
    stack = new_stack()
    when, zone = cdk.CfnParameter(stack, "When"), cdk.CfnParameter(stack, "Zone")
    ScheduledTask(stack, "Task", schedule=when.value_as_string, time_zone=zone.value_as_string, **options(stack))
    schedule = synthesized(stack).only("AWS::Scheduler::Schedule")
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == (
        {"Ref": "When"},
        {"Ref": "Zone"},
    )


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"schedule": "0 3 * * *"}, InvalidScheduleError, r"schedule '0 3 \* \* \*' is none of cron"),
        ({"schedule": "cron(0 3 * * *)"}, InvalidScheduleError, "is none of cron"),
        ({"schedule": "rate(0 hours)"}, InvalidScheduleError, r"schedule 'rate\(0 hours\)' is none of"),
        ({"schedule": 5}, InvalidScheduleError, "schedule 5 is none of"),
        ({"time_zone": "Asia/Singapur"}, InvalidScheduleError, "time zone 'Asia/Singapur' is unknown"),
        ({"retry_attempts": 186}, InvalidScheduleError, r"retry_attempts = 186 is not in 0\.\.185"),
        ({"name": "n" * 65}, InvalidNameError, "schedule name 'nnn"),
        ({"max_event_age": cdk.Duration.seconds(59)}, InvalidTimeoutError, "max_event_age = 59 s is not"),
        ({"stop_timeout": cdk.Duration.minutes(3)}, InvalidTimeoutError, "stop_timeout = 180 s is not"),
    ],
)
def test_a_bad_argument_is_refused_by_name_and_value_before_anything_is_made(given, error, message):
    stack = new_stack()
    taken = {"schedule": NIGHTLY, **options(stack, **given)}
    before = len(stack.node.children)
    with pytest.raises(error, match=message):
        ScheduledTask(stack, "Task", **taken)
    assert len(stack.node.children) == before


@given(text=st.text(max_size=30))
def test_any_other_text_is_no_schedule(text):
    stack = cdk.Stack()
    with pytest.raises(InvalidScheduleError):
        ScheduledTask(stack, "Task", schedule=text, name="api", network=None, image=IMAGE)


def test_whoever_breaks_it_through_the_escape_hatch_is_caught_by_the_rules():
    stack = new_stack()
    task = ScheduledTask(stack, "Task", schedule=NIGHTLY, **options(stack))
    task.task_definition.node.default_child.add_property_override("Memory", "300")
    task.task_definition.node.default_child.add_property_override("ContainerDefinitions.0.StopTimeout", 300)
    assert findings(stack) >= {"fargate-cpu-memory-combination", "start-stop-timeout-range"}

"""Contract: composite alarms, metric math and Application Auto Scaling from a template."""

import pytest

from tests.local.templates import att, ref, resource

pytestmark = pytest.mark.e2e


def alarm(**properties):
    return resource(
        "CloudWatch::Alarm", ComparisonOperator="GreaterThanThreshold", Threshold=1, EvaluationPeriods=2, **properties
    )


def test_a_metric_math_alarm_keeps_its_expression(aws, deploy):
    queries = [
        {"Id": "rate", "Expression": "100 * errors / calls"},
        {
            "Id": "errors",
            "ReturnData": False,
            "MetricStat": {"Metric": {"MetricName": "Errors"}, "Period": 60, "Stat": "Sum"},
        },
    ]
    deploy({"Rate": alarm(AlarmName="rate", Metrics=queries)})
    found = aws.client("cloudwatch").describe_alarms(AlarmNames=["rate"])["MetricAlarms"][0]
    assert (found["Threshold"], found["EvaluationPeriods"]) == (1.0, 2)
    assert found["MetricName"] == "100 * errors / calls"


def test_a_composite_alarm_is_made_and_deleted(aws, deploy):
    plain = alarm(AlarmName="plain", MetricName="Errors", Namespace="AWS/Lambda", Period=60, Statistic="Sum")
    both = resource("CloudWatch::CompositeAlarm", AlarmName="both", AlarmRule='ALARM("plain")')
    stack = deploy({"Plain": plain, "Both": {**both, "DependsOn": "Plain"}}, arn=att("Both", "Arn"))
    assert stack["arn"].endswith(":alarm:both")
    describe = aws.client("cloudwatch").describe_alarms
    assert describe(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]["AlarmRule"] == 'ALARM("plain")'
    stack.update({"Plain": plain})
    assert describe(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def target(**properties):
    return resource(
        "ApplicationAutoScaling::ScalableTarget",
        ServiceNamespace="dynamodb", ScalableDimension="dynamodb:table:ReadCapacityUnits", ResourceId="table/t",
        **properties,
    )  # fmt: skip


def test_a_policy_has_its_target(deploy):
    policy = resource(
        "ApplicationAutoScaling::ScalingPolicy",
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        ScalingTargetId=ref("Target"),
    )
    stack = deploy({"Target": target(MinCapacity=1, MaxCapacity=2), "Policy": policy}, arn=ref("Policy"))
    assert stack["arn"].endswith(":policyName/p")


def test_a_minimum_above_the_maximum_fails_the_stack(deploy):
    with pytest.raises(Exception, match="Minimum capacity 3 cannot be greater than maximum capacity 2"):
        deploy({"Target": target(MinCapacity=3, MaxCapacity=2)})


def test_a_target_without_its_service_fails_the_stack(deploy):
    scaled = resource(
        "ApplicationAutoScaling::ScalableTarget", ServiceNamespace="ecs", ScalableDimension="ecs:service:DesiredCount",
        ResourceId="service/none/none", MinCapacity=1, MaxCapacity=2,
    )  # fmt: skip
    with pytest.raises(Exception, match="ECS service doesn't exist: service/none/none"):
        deploy({"Target": scaled})

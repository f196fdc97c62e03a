"""Alarms and dashboard: row A10 of the requirements."""

import pytest

from tests.synth.template import Template, reference, text

pytestmark = pytest.mark.synth

ABOVE = "GreaterThanThreshold"


def alarm(template: Template, name: str) -> dict:
    return template.only("AWS::CloudWatch::Alarm", AlarmName=f"query-service-{name}")


@pytest.mark.parametrize(
    ("name", "namespace", "metric", "statistic", "threshold"),
    [
        ("cpu", "AWS/ECS", "CPUUtilization", "Average", 70),
        ("memory", "AWS/ECS", "MemoryUtilization", "Average", 80),
        ("response-time", "AWS/ApplicationELB", "TargetResponseTime", "Average", 0.1),
        ("unhealthy-hosts", "AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", 0),
    ],
)
def test_an_alarm_goes_off_after_two_periods_of_300_seconds_over_its_threshold(
    template, name, namespace, metric, statistic, threshold
):
    found = alarm(template, name)
    assert (found["Namespace"], found["MetricName"], found["Statistic"]) == (namespace, metric, statistic)
    assert (found["Threshold"], found["ComparisonOperator"]) == (threshold, ABOVE)
    assert (found["Period"], found["EvaluationPeriods"]) == (300, 2)


def test_the_error_rate_alarm_goes_off_above_one_percent_of_the_requests(template):
    found = alarm(template, "error-rate")
    (expression,) = [query["Expression"] for query in found["Metrics"] if "Expression" in query]
    periods = {query["MetricStat"]["Period"] for query in found["Metrics"] if "MetricStat" in query}
    assert (found["Threshold"], found["ComparisonOperator"], found["EvaluationPeriods"]) == (1, ABOVE, 2)
    assert expression == (
        "IF(FILL(requests, 0) + FILL(balancer, 0) > 0, "
        "100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0)), 0)"
    )
    assert periods == {300}


def test_a_service_without_any_healthy_host_is_an_alarm_even_without_data(template):
    found = alarm(template, "no-healthy-host")
    assert (found["MetricName"], found["Statistic"], found["Threshold"]) == ("HealthyHostCount", "Maximum", 1)
    assert (found["ComparisonOperator"], found["TreatMissingData"]) == ("LessThanThreshold", "breaching")


def test_one_dead_letter_is_an_alarm_at_once(template):
    found = alarm(template, "dead-letters")
    assert (found["MetricName"], found["EvaluationPeriods"]) == ("ApproximateNumberOfMessagesVisible", 1)


def test_every_alarm_and_its_end_reach_the_topic(template):
    (topic,) = template.of_type("AWS::SNS::Topic")
    for found in template.of_type("AWS::CloudWatch::Alarm").values():
        assert found["AlarmActions"] == found["OKActions"] == [{"Ref": topic}]


def test_cloudwatch_may_publish_to_the_encrypted_topic(template):
    statements = template.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    allowed = [statement for statement in statements if statement["Effect"] == "Allow"]
    key_statements = template.only("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    assert [statement["Principal"] for statement in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]
    assert "cloudwatch.amazonaws.com" in text(key_statements)


def test_every_log_group_is_encrypted_and_expires(template):
    groups = template.of_type("AWS::Logs::LogGroup").values()
    for group in groups:
        assert group["RetentionInDays"] == 30
        assert reference(group["KmsKeyId"]) in template.of_type("AWS::KMS::Key")


def test_logs_are_kept_a_year_in_prod(synthesize):
    groups = synthesize(env="prod").of_type("AWS::Logs::LogGroup").values()
    assert {group["RetentionInDays"] for group in groups} == {365}


def test_the_dashboard_shows_the_service(template):
    body = text(template.only("AWS::CloudWatch::Dashboard", DashboardName="query-service")["DashboardBody"])
    for metric in ("CPUUtilization", "MemoryUtilization", "TargetResponseTime", "HealthyHostCount", "RequestCount"):
        assert metric in body

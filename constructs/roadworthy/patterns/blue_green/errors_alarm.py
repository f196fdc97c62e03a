"""An alarm that is fast enough for a deployment: answers of 5xx in one minute, of both versions together.

Alarms that page people wait for two periods of five minutes, and would see nothing of a bake of one minute.
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from roadworthy.patterns.alarm import add_alarm
from roadworthy.patterns.blue_green.both_groups import Together, together
from roadworthy.patterns.names import shortened

_MINUTE = cdk.Duration.minutes(1)
_SUFFIX, _LONGEST_NAME = "-deployment-errors", 255


def errors_alarm_name(service: str) -> str:
    """Its name, before there is any alarm."""
    return shortened(service, _LONGEST_NAME - len(_SUFFIX)) + _SUFFIX


def errors_of(groups: Sequence[elbv2.ApplicationTargetGroup]) -> list[cloudwatch.Metric]:
    """Answers of 5xx of each group, by the minute."""
    code = elbv2.HttpCodeTarget.TARGET_5XX_COUNT
    return [group.metrics.http_code_target(code, period=_MINUTE, statistic="Sum") for group in groups]


def add_errors_alarm(scope: Construct, service: str, errors: Sequence[cloudwatch.Metric], most: int) -> None:
    """Make the alarm: more than `most` in a minute."""
    first, second = errors
    metric = together(first, second, Together.SUM)
    add_alarm(scope, "Errors", name=errors_alarm_name(service), metric=metric, threshold=most, topic=None, periods=1)

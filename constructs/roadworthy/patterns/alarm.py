"""One alarm as all of ours are: with a fixed name, quiet where there is no data, told when it goes on and off."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from roadworthy.patterns.interfaces import AnyTopic
from roadworthy.patterns.names import refuse_name

PERIOD = cdk.Duration.minutes(5)
PERIODS = 2  # in a row: one bad period may be chance


def add_alarm(
    scope: Construct,
    id: str,
    *,
    name: str,
    metric: cloudwatch.IMetric,
    threshold: float,
    topic: AnyTopic | None,
    periods: int = PERIODS,
    comparison: cloudwatch.ComparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    missing_data: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
) -> cloudwatch.Alarm:
    """Make an alarm: `metric` over `threshold` in so many periods in a row.

    Args:
        scope: where it is made.
        id: its id.
        name: its name, fixed, so that others may name it before it exists.
        metric: what it watches.
        threshold: the highest value that is none, in the metric's unit.
        topic: is told of the alarm and of its end; None: nobody is.
        periods: how many of the metric's periods in a row.
        comparison: another comparison.
        missing_data: what a period without data means; default: no alarm.

    Raises:
        InvalidNameError: CloudWatch takes no such name.
    """
    refuse_name("alarm", name)
    alarm = cloudwatch.Alarm(
        scope,
        id,
        alarm_name=name,
        metric=metric,
        threshold=threshold,
        evaluation_periods=periods,
        comparison_operator=comparison,
        treat_missing_data=missing_data,
    )
    if topic is not None:
        action = actions.SnsAction(topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
    return alarm


def kebab(id: str) -> str:
    """The end of an alarm's name: `DeadLetters` is `dead-letters`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in id).lstrip("-")

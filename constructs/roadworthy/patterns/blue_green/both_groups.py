"""Metrics of a service whose traffic goes from one target group to the other and back: of both together.

An alarm on one of them would see every other version alone.
"""

import enum

from aws_cdk import aws_cloudwatch as cloudwatch


class Together(enum.Enum):
    """How two metrics become one; `a` and `b` are the two."""

    SUM = "FILL(a, 0) + FILL(b, 0)"
    WORST = "MAX([FILL(a, 0), FILL(b, 0)])"


def together(
    first: cloudwatch.Metric, second: cloudwatch.Metric | None, how: Together
) -> cloudwatch.Metric | cloudwatch.MathExpression:
    """One metric of two, by which alarms judge a service; the first, where there is no second.

    Args:
        first: of one target group.
        second: of the other one, of the same name and period.
        how: how they become one.
    """
    if second is None:
        return first
    return cloudwatch.MathExpression(
        expression=how.value,
        label=f"{first.metric_name}, both target groups",
        period=first.period,
        using_metrics={"a": first, "b": second},
    )

"""The alarms that a service watches during its deployments exist.

## Why is this bad?

An alarm that does not exist stops no deployment: a broken version is rolled out although the service seems to be
guarded. Mostly a name is mistyped, or the alarm is one of another region.

Alarms that the same documents make are not asked about.

## Needs

`cloudwatch:DescribeAlarms`.
"""

from collections.abc import Iterator

from roadworthy.online.alarm_states import alarm_states
from roadworthy.online.aws import Aws
from roadworthy.online.engine import WARNING, Finding, online_check
from roadworthy.online.subjects.alarms import AlarmBatch, alarm_batches


@online_check(
    "deployment-alarm-unknown",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html",
    subjects=alarm_batches,
)
def check(alarms: AlarmBatch, aws: Aws) -> Iterator[Finding]:
    """Report alarms that nobody makes."""
    states = alarm_states(alarms, aws)
    for name, uses in alarms.batch.uses.items():
        for use in uses:
            if name not in states and not use.declared:
                yield Finding(
                    at=use.place,
                    message=f"service `{use.service.label}` watches alarm `{name}`, "
                    f"which does not exist in region {use.region}",
                    fix="Create the alarm, or name one that exists",
                    assumed=use.assumed,
                )

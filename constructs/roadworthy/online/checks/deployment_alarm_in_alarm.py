"""No alarm that guards a deployment is in ALARM when it starts.

## Why is this bad?

ECS ignores an alarm that is in ALARM when the deployment starts, until the deployment ends: a broken version is
rolled out although the service is guarded. It also says that something is wrong right now.

## Needs

`cloudwatch:DescribeAlarms`.
"""

from collections.abc import Iterator

from roadworthy.online.alarm_states import alarm_states
from roadworthy.online.aws import Aws
from roadworthy.online.engine import WARNING, Finding, online_check
from roadworthy.online.subjects.alarms import AlarmBatch, alarm_batches


@online_check(
    "deployment-alarm-in-alarm",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html",
    subjects=alarm_batches,
)
def check(alarms: AlarmBatch, aws: Aws) -> Iterator[Finding]:
    """Report alarms that are in ALARM now."""
    states = alarm_states(alarms, aws)
    for name, uses in alarms.batch.uses.items():
        for use in uses:
            if states.get(name) == "ALARM":
                yield Finding(
                    at=use.place,
                    message=f"service `{use.service.label}` watches alarm `{name}`, which is in ALARM already",
                    fix="Find out why and deploy when the alarm is OK again",
                    assumed=use.assumed,
                )

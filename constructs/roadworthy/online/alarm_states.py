"""The states of deployment alarms, asked once for all checks of them."""

from roadworthy.online.aws import Aws
from roadworthy.online.operations import DESCRIBE_ALARMS
from roadworthy.online.subjects.alarms import NAMES_IN_A_CALL, AlarmBatch


def alarm_states(alarms: AlarmBatch, aws: Aws) -> dict[str, str]:
    """Name -> state ("OK", "ALARM", "INSUFFICIENT_DATA") of those alarms that exist."""
    first = next(iter(alarms.batch.uses.values()))[0]
    return aws.ask(
        DESCRIBE_ALARMS,
        region=alarms.batch.region,
        about=first.arn,
        AlarmNames=list(alarms.batch.uses),
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        MaxRecords=NAMES_IN_A_CALL,
    )

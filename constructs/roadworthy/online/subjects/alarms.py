"""The alarms that services watch during their deployments, named by literal names.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.online.declared import ALARM
from roadworthy.online.deployment import Deployment
from roadworthy.online.subjects.batch import Batch, batches
from roadworthy.template.model.properties import contents, flags
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve

NAMES_IN_A_CALL = 100  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
LONGEST = 255


class AlarmUse(NamedTuple):
    """An alarm that a service watches; `declared` when the documents make it, or perhaps do."""

    place: Node
    assumed: frozenset[str]
    service: Service
    name: str
    region: str
    arn: str
    declared: bool


class AlarmBatch(NamedTuple):
    """Alarms that one call can ask about."""

    batch: Batch[AlarmUse]

    @property
    def place(self) -> Node:
        """The first place."""
        return self.batch.place


def alarm_batches(deployment: Deployment) -> list[AlarmBatch]:
    """The alarms of all services."""
    uses = [use for service in deployment.model.services for use in _of(service, deployment)]
    return [AlarmBatch(batch) for batch in batches(uses, NAMES_IN_A_CALL)]


def _of(service: Service, deployment: Deployment) -> Iterator[AlarmUse]:
    target = deployment.target(service.node)
    for configuration in service.deployment_configurations:
        for alarms in configuration.get("Alarms"):
            if target.own and _are_on(alarms):
                for item in alarms.all_items("AlarmNames"):
                    for value in resolve(item):
                        name = target.text(value.value)
                        if name and len(name) <= LONGEST:
                            arn = str(target.arn("cloudwatch", f"alarm:{name}"))
                            declared = deployment.declares(ALARM, name, item)
                            yield AlarmUse(item, value.assumed, service, name, target.region, arn, declared)


def _are_on(alarms: Node) -> bool:
    """Whether `Enable`, which is required, is certainly true."""
    written = contents(alarms, "Enable")
    return (
        bool(written)
        and all(flag.value for flag in flags(alarms, "Enable"))
        and len(flags(alarms, "Enable")) == len(written)
    )

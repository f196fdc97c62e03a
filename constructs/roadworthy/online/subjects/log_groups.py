"""The log groups that containers write to and that must exist before.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.online.arn import REGION, Arn
from roadworthy.online.declared import LOG_GROUP
from roadworthy.online.deployment import Deployment
from roadworthy.online.subjects.batch import Batch, batches
from roadworthy.template.conditions import When
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import contents, jointly
from roadworthy.template.node import Node
from roadworthy.template.values import known_text

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
NAME = re.compile(r"[A-Za-z0-9._/#-]{1,512}")
NAMES_IN_A_CALL = 50  # the most that one page of DescribeLogGroups holds


class LogGroupUse(NamedTuple):
    """A log group that a container writes to."""

    place: Node
    assumed: frozenset[str]
    container: Container
    name: str
    region: str
    arn: str


class LogGroupBatch(NamedTuple):
    """Log groups that one call may tell of."""

    batch: Batch[LogGroupUse]

    @property
    def place(self) -> Node:
        """The first place."""
        return self.batch.place


class _Region(NamedTuple):
    value: str
    when: When


def log_group_batches(deployment: Deployment) -> list[LogGroupBatch]:
    """The log groups of all containers that neither the documents nor the log driver make."""
    uses = [use for container in deployment.model.containers for use in _of(container, deployment)]
    return [LogGroupBatch(batch) for batch in batches(uses, NAMES_IN_A_CALL)]


def _of(container: Container, deployment: Deployment) -> Iterator[LogGroupUse]:
    for configuration in container.log_configurations:
        for options in configuration.get("Options"):
            if _is_awslogs(configuration) and not _may_be_created(options):
                yield from _uses(container, options, deployment)


def _uses(container: Container, options: Node, deployment: Deployment) -> Iterator[LogGroupUse]:
    target = deployment.target(options)
    groups = deployment.texts(options, "awslogs-group")
    for group, region in jointly(groups, _regions(options, deployment)):
        known = NAME.fullmatch(group.value) and not deployment.declares(LOG_GROUP, group.value, group.at)
        if (
            target.own and known and REGION.fullmatch(region.value)
        ):  # another account's log groups cannot be asked for by name
            arn = Arn(target.partition, "logs", region.value, target.account, f"log-group:{group.value}")
            yield LogGroupUse(group.at, group.assumed, container, group.value, region.value, str(arn))


def _is_awslogs(configuration: Node) -> bool:
    drivers = [known_text(known.value) for known in contents(configuration, "LogDriver")]
    return bool(drivers) and all(driver == "awslogs" for driver in drivers)


def _may_be_created(options: Node) -> bool:
    texts = [known_text(known.value) for known in contents(options, "awslogs-create-group")]
    return any(text is None or text.lower() != "false" for text in texts)


def _regions(options: Node, deployment: Deployment) -> list[_Region]:
    """The region as written; the task's own where none is."""
    if not contents(options, "awslogs-region"):
        return [_Region(deployment.target(options).region, options.when)]
    return [_Region(known.value, known.when) for known in deployment.texts(options, "awslogs-region")]

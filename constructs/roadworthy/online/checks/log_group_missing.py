"""The log group exists before the task writes to it.

## Why is this bad?

The task never starts: `ResourceInitializationError: failed to validate logger args: ... ResourceNotFoundException:
The specified log group does not exist.` The `awslogs` driver makes streams, and a group only when
`awslogs-create-group` is `true`.

Log groups that the same documents make, or perhaps make, are not asked about.

## Needs

`logs:DescribeLogGroups`.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.engine import ERROR, Finding, online_check
from roadworthy.online.operations import DESCRIBE_LOG_GROUPS, LogGroups
from roadworthy.online.subjects.log_groups import NAMES_IN_A_CALL, LogGroupBatch, LogGroupUse, log_group_batches


@online_check(
    "log-group-missing",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    subjects=log_group_batches,
)
def check(log_groups: LogGroupBatch, aws: Aws) -> Iterator[Finding]:
    """Report log groups that nobody makes."""
    batch = log_groups.batch
    common = _common(min(batch.uses), max(batch.uses))
    for name, uses in batch.uses.items():
        if not _exists(name, common, uses[0], aws):
            for use in uses:
                yield Finding(
                    at=use.place,
                    message=f"container `{use.container.label}` logs to group `{name}`, "
                    f"which does not exist in region {use.region}",
                    fix="Create the log group, or set awslogs-create-group",
                    assumed=use.assumed,
                )


def _exists(name: str, common: str, use: LogGroupUse, aws: Aws) -> bool:
    """Whether there is a log group of exactly this name: one look at all that begin like it may tell."""
    found = _beginning_with(common, use, aws) if common else LogGroups(frozenset(), complete=False)
    if name in found.names or found.complete:
        return name in found.names
    return name in _beginning_with(name, use, aws).names  # sorted: the exact name comes first


def _beginning_with(prefix: str, use: LogGroupUse, aws: Aws) -> LogGroups:
    return aws.ask(
        DESCRIBE_LOG_GROUPS,
        region=use.region,
        about=use.arn,
        logGroupNamePrefix=prefix,
        limit=NAMES_IN_A_CALL,
    )


def _common(first: str, last: str) -> str:
    """How all names between two begin."""
    length = next(
        (index for index, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first)
    )
    return first[:length]

"""The log groups of a deployed app, merged by time."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

_POLL_SECONDS = 1.0
_OVERLAP_MS = 5_000  # events may arrive late; those seen already are not shown again


def lines(logs: Any, prefixes: Sequence[str], *, follow: bool = False) -> Iterator[str]:
    """What the log groups hold, oldest first: `group message`.

    Args:
        logs: a boto3 CloudWatch Logs client.
        prefixes: the beginnings of the groups' names.
        follow: go on for ever with what comes.
    """
    seen: set[tuple[Any, ...]] = set()
    since = 0
    while True:
        events = [event for prefix in prefixes for event in _events(logs, prefix, since) if _key(event) not in seen]
        for event in sorted(events, key=lambda one: one["timestamp"]):
            seen.add(_key(event))
            since = max(since, event["timestamp"] - _OVERLAP_MS)
            yield f"{event['group']} {event['message'].rstrip()}"
        if not follow:
            return
        time.sleep(_POLL_SECONDS)


def _key(event: dict[str, Any]) -> tuple[Any, ...]:
    """What tells one event from another; ministack gives them no id."""
    return event["group"], event["logStreamName"], event["timestamp"], event["message"]


def _events(logs: Any, prefix: str, since: int) -> Iterator[dict[str, Any]]:
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for answer in logs.get_paginator("filter_log_events").paginate(logGroupName=name, startTime=since):
                for event in answer["events"]:
                    yield {**event, "group": name}

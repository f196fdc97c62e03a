"""CloudWatch Logs: what containers wrote.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from roadworthy.testing.aws.log_filter import matcher
from roadworthy.testing.aws.pages import page
from roadworthy.testing.plane.logs import LogLine, Logs
from roadworthy.testing.wire.backend import AwsError, Backend

MOST_EVENTS = 10_000
GROUPS_IN_A_PAGE = 50
FORWARD, BACKWARD = "f/", "b/"


class Event(NamedTuple):
    """A line with its place; `at` is in milliseconds since 1970, as all times are here."""

    at: int
    stream: str
    number: int
    message: str


class CloudWatchLogs:
    """Reads the log groups that the control plane writes."""

    def __init__(self, backend: Backend, logs: Logs) -> None:
        self._backend = backend
        self._logs = logs
        backend.register_all(
            "logs",
            {
                "FilterLogEvents": self._filter_log_events,
                "GetLogEvents": self._get_log_events,
                "DescribeLogGroups": self._describe_log_groups,
            },
        )

    def _filter_log_events(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        streams = self._streams(asked)
        matches = matcher(asked.get("filterPattern", ""))
        found = sorted(
            event
            for stream in _wanted(streams, asked)
            for event in _between(_events(stream, streams[stream]), asked)
            if matches(event.message)
        )
        size = asked.get("limit", MOST_EVENTS)
        some, token = page(found, size, asked.get("nextToken"), _bad_token())
        return {"events": [_filtered(event) for event in some], "searchedLogStreams": [], "nextToken": token}

    def _get_log_events(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        streams, stream = self._streams(asked), asked["logStreamName"]
        if stream not in streams:
            raise _absent("stream")
        found = list(_between(_events(stream, streams[stream]), asked))
        start, end = _window(len(found), asked)
        return {
            "events": [_line(event) for event in found[start:end]],
            "nextForwardToken": f"{FORWARD}{end}",
            "nextBackwardToken": f"{BACKWARD}{start}",
        }

    def _describe_log_groups(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        prefix, part = asked.get("logGroupNamePrefix", ""), asked.get("logGroupNamePattern", "")
        names = sorted(name for name in self._logs.groups if name.startswith(prefix) and part in name)
        some, token = page(names, asked.get("limit", GROUPS_IN_A_PAGE), asked.get("nextToken"), _bad_token())
        return {"logGroups": [self._group(name) for name in some], "nextToken": token}

    def _group(self, name: str) -> dict[str, Any]:
        arn = self._backend.arn("logs", f"log-group:{name}")
        return {"logGroupName": name, "arn": f"{arn}:*", "logGroupArn": arn, "storedBytes": 0}

    def _streams(self, asked: Mapping[str, Any]) -> Mapping[str, Sequence[LogLine]]:
        """The streams of the group that is named, or given by its ARN."""
        name = asked.get("logGroupName") or str(asked.get("logGroupIdentifier", "")).rpartition(":log-group:")[2]
        if name not in self._logs.groups:
            raise _absent("group")
        return self._logs.groups[name]


def _wanted(streams: Mapping[str, Sequence[LogLine]], asked: Mapping[str, Any]) -> list[str]:
    names = asked.get("logStreamNames")
    if names and set(names) - streams.keys():
        raise _absent("stream")
    prefix = asked.get("logStreamNamePrefix", "")
    return [stream for stream in streams if stream.startswith(prefix) and (not names or stream in names)]


def _events(stream: str, lines: Sequence[LogLine]) -> Iterator[Event]:
    for number, line in enumerate(lines):
        yield Event(round(line.at * 1000), stream, number, line.message)


def _between(events: Iterator[Event], asked: Mapping[str, Any]) -> Iterator[Event]:
    """From the start time on, and before the end time."""
    start, end = asked.get("startTime", 0), asked.get("endTime")
    return (event for event in events if event.at >= start and (end is None or event.at < end))


def _window(length: int, asked: Mapping[str, Any]) -> tuple[int, int]:
    """Which events of a stream are answered: the last ones, or those before or after a token.

    At either end the token that was given is returned again, as AWS does.
    """
    size, token = asked.get("limit", MOST_EVENTS), str(asked.get("nextToken", ""))
    if token and not (token[:2] in (FORWARD, BACKWARD) and token[2:].isdecimal()):
        raise _bad_token()
    place = min(int(token[2:]), length) if token else 0
    if token.startswith(BACKWARD):
        return max(0, place - size), place
    if token or asked.get("startFromHead"):
        return place, min(length, place + size)
    return max(0, length - size), length


def _line(event: Event) -> dict[str, Any]:
    return {"timestamp": event.at, "ingestionTime": event.at, "message": event.message}


def _filtered(event: Event) -> dict[str, Any]:
    place = f"{event.at} {event.stream} {event.number}"
    number = int(hashlib.sha256(place.encode()).hexdigest(), 16)
    return {**_line(event), "logStreamName": event.stream, "eventId": f"{number:056d}"[:56]}


def _absent(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"The specified log {what} does not exist.")


def _bad_token() -> AwsError:
    return AwsError("InvalidParameterException", "The specified nextToken is invalid.")

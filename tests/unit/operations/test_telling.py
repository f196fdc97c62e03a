"""How progress is told: lines in a pipe, a table that moves on a terminal."""

import io
import os
import re

import pytest

from roadworthy.cli.operate.telling import listener
from roadworthy.cli.operate.wording import brief, seconds
from roadworthy.operations.aws import Aws
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.follow.events import Began, Counted, Ended, Event, Moved, Noted
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.place import Target
from roadworthy.testing.clock import VirtualClock

TARGET = Target(Cluster(Aws(None, "eu-west-1"), "shop"), "api-stage", "api", "stage", guarded=False, entry=None)
EVENTS: list[Event] = [
    Began(TARGET, "arn:aws:ecs:eu-west-1:1:service-deployment/shop/api-stage/abc", "arn:.../api-stage:7"),
    Moved(TARGET, "IN_PROGRESS", "SCALE_UP", ""),
    Counted(TARGET, desired=2, running=1, pending=1, failed=0, total=3),
    Noted(TARGET, "four deployments are active", "warning"),
    Ended(TARGET, Outcome.SUCCEEDED, seconds=75.0),
]


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Ascii(io.StringIO):
    encoding = "ascii"


def told(stream: io.StringIO, *, alone: bool = False) -> str:
    tell = listener(VirtualClock(), stream, alone=alone)
    for event in EVENTS:
        tell(event)
    return stream.getvalue()


def screen(text: str) -> list[str]:
    """What a terminal shows in the end: `ESC [ n F` goes up n lines, `ESC [ J` clears what is below."""
    lines = [""]
    for part in re.split(r"(\x1b\[\d+F\x1b\[J|\n)", text):
        if part == "\n":
            lines.append("")
        elif part.startswith("\x1b"):
            lines = [*lines[: -int(part[2:].partition("F")[0]) - 1], ""]
        else:
            lines[-1] += part
    return lines


def test_in_a_pipe_each_change_is_a_line():
    assert told(io.StringIO()).splitlines() == [
        "api stage: deployment abc of api-stage:7",
        "api stage: scale up",
        "api stage: 1 of 2 new tasks run, 1 starting",
        "api stage: warning: four deployments are active",
        "✓ api stage: succeeded after 1m 15s",
    ]


def test_the_end_of_the_only_deployment_is_the_result_and_not_told_twice():
    assert "succeeded" not in told(io.StringIO(), alone=True)


def test_on_a_terminal_the_row_moves_and_what_happened_stays_above(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    text = told(Terminal())
    assert "█████░░░░░     1/2  api-stage:7  scale up" in text
    assert screen(text) == [
        "api stage: warning: four deployments are active",
        "✓ api stage: succeeded after 1m 15s",
        "",
    ]


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_cannot_move_gets_lines(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    assert "\x1b" not in told(Terminal())


def test_what_the_encoding_lacks_is_escaped():
    assert "\\u2713 api stage: succeeded" in told(Ascii())


def test_an_event_of_ecs_is_told_as_short_as_a_reader_needs_it():
    message = (
        "(service api-stage) registered 1 targets in (target-group "
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/api-stage/0000000000000001)"
    )
    assert brief(message) == "registered 1 targets in (target-group api-stage)"


@pytest.mark.parametrize(("value", "text"), [(0.4, "0s"), (59.6, "1m 0s"), (125, "2m 5s")])
def test_times_are_told_in_minutes_and_seconds(value: float, text: str):
    assert seconds(value) == text


def test_a_row_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.get_terminal_size", lambda stream: os.terminal_size((30, 24)))
    rows = [line for line in told(Terminal()).splitlines() if "█" in line]
    assert {len(line.rpartition("J")[2]) for line in rows} == {29}


def test_a_terminal_without_blocks_is_given_others():
    terminal = Terminal()
    terminal.encoding = "ascii"
    assert "#####-----     1/2" in told(terminal)

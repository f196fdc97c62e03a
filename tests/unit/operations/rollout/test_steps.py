"""The six lines, the probe and the overlap, each without AWS."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.operations.follow.events import Sides
from roadworthy.operations.rollout.overlap import Overlap
from roadworthy.operations.rollout.probe import Answered, Meter, Probe, http
from roadworthy.operations.rollout.steps import COUNT, Steps


def run(numbers: list[int], *, well: bool) -> list[str]:
    """The lines of a rollout that is seen in these steps."""
    lines: list[str] = []
    steps = Steps(lambda: 0.0, lines.append)
    for number in numbers:
        steps.enter(number)
    if well:
        steps.succeed()
    else:
        steps.fail("no")
    return lines


@given(st.lists(st.integers(0, COUNT)))
def test_a_rollout_that_succeeds_has_six_lines_and_six_ticks_in_whichever_steps_it_was_seen(numbers: list[int]):
    lines = run(numbers, well=True)
    assert [line[:5] for line in lines[::2]] == [f"[{number}/6]" for number in range(1, 7)]
    assert ["✓" in line for line in lines[1::2]] == [True] * 6


@given(st.lists(st.integers(0, COUNT)))
def test_a_rollout_that_fails_has_one_cross_at_its_end(numbers: list[int]):
    lines = run(numbers, well=False)
    assert [("✗" in line) for line in lines[1::2]] == [False] * (len(lines) // 2 - 1) + [True]
    assert lines[-2].startswith(f"[{max([1, *numbers])}/6]")


def test_after_its_end_nothing_is_told():
    lines: list[str] = []
    steps = Steps(lambda: 0.0, lines.append)
    steps.fail("no")
    steps.enter(6)
    steps.succeed()
    assert len(lines) == 2


def test_downtime_is_the_longest_time_between_a_bad_answer_and_the_next_good_one():
    meter = Meter()
    for at, well in ((0, True), (1, False), (2, False), (3.5, True), (4, False), (5, True)):
        meter.take(at, well=well)
    assert meter.result() == Answered(asked=6, failed=3, downtime=2.5)


def test_a_service_that_stays_away_is_away_until_the_last_question():
    meter = Meter()
    for at, well in ((0, True), (1, False), (4, False)):
        meter.take(at, well=well)
    assert meter.result().downtime == 3


def test_both_versions_ran_together_for_as_long_as_both_had_tasks():
    overlap = Overlap()
    for at, new, old in ((0, 0, 2), (10, 1, 2), (40, 2, 2), (70, 2, 0)):
        overlap.take(Sides(None, new, old), at)  # type: ignore[arg-type]
    assert overlap.seconds(100) == 60


@pytest.fixture
def server():
    statuses = [200, 503, 200]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses.pop(0) if statuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()
        thread.join()


def test_a_url_that_answers_with_a_server_error_counts_as_away(server: str):
    ask = http(server)
    assert [ask(), ask(), ask()] == [True, False, True]


def test_a_url_that_nobody_listens_on_counts_as_away():
    assert http("http://127.0.0.1:9/")() is False


def test_the_probe_asks_while_it_is_entered_and_stops_then():
    asked = threading.Semaphore(0)

    def ask() -> bool:
        asked.release()
        return True

    with Probe(ask, every=0.001) as probe:
        for _ in range(3):
            assert asked.acquire(timeout=5)
    count = probe.result().asked
    assert count >= 3
    assert (probe.result().asked, probe.result().failed) == (count, 0)

from collections.abc import Callable
from typing import Any

import pytest
from deployment_health_gate import handler as entry
from deployment_health_gate import settings
from deployment_health_gate.gate import Gate
from deployment_health_gate.handler import handler
from deployment_health_gate.probe import NoAnswerError
from deployment_health_gate.settings import Settings
from hypothesis import given
from hypothesis import strategies as st

from deployment_hook.options import Options, SettingError
from tests.unit.lambdas.support.events import Context
from tests.unit.lambdas.support.hooks import hook_event, rollback_event

URL = "http://internal-api.us-west-2.elb.amazonaws.com:9001"
REFUSED = NoAnswerError("refused")


def chosen(**details: Any) -> Settings:
    return settings.parse(Options({"TEST_URL": URL}, details))


class Clock:
    """Time that passes only when somebody sleeps or a try takes its time."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds


class Probe:
    """Answers with statuses (or no answer) in turn, the last one for ever; each takes so many seconds."""

    def __init__(self, clock: Clock, *answers: int | NoAnswerError, takes: float = 0) -> None:
        self.clock, self.answers, self.takes = clock, list(answers), takes
        self.times: list[float] = []

    def __call__(self, asked: Settings, seconds: float) -> int:
        self.times.append(self.clock.time)
        self.clock.time += min(self.takes, seconds)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, NoAnswerError):
            raise answer
        return answer


def run(*answers: int | NoAnswerError, takes: float = 0, until: float = 100, **details: Any) -> tuple[bool, Probe]:
    clock = Clock()
    probe = Probe(clock, *answers, takes=takes)
    return Gate(chosen(**details), probe, clock.now, clock.sleep).opens(until), probe


def test_a_healthy_version_is_asked_once() -> None:
    opens, probe = run(200)
    assert (opens, probe.times) == (True, [0])


def test_an_unhealthy_version_is_asked_12_times_in_60_seconds() -> None:
    opens, probe = run(503)
    assert (opens, probe.times) == (False, [5 * number for number in range(12)])


@pytest.mark.parametrize("bad", [503, 404, 302, REFUSED])
def test_a_version_that_becomes_healthy_in_time_passes(bad: int | NoAnswerError) -> None:
    opens, probe = run(*[bad] * 11, 200)
    assert (opens, probe.times[-1]) == (True, 55)


def test_a_thirteenth_answer_is_too_late() -> None:
    assert run(*[503] * 12, 200)[0] is False


def test_tries_that_hang_are_cut_off_so_that_all_of_them_end_after_60_seconds() -> None:
    opens, probe = run(REFUSED, takes=30)
    assert (opens, probe.times, probe.clock.time) == (False, [5 * number for number in range(12)], 60)


def test_several_successes_must_follow_one_another() -> None:
    opens, probe = run(200, 503, 200, 200, 503, 200, 200, 200, successes=3)
    assert (opens, len(probe.times)) == (True, 8)
    assert run(200, 503, 200, 503, 200, 503, successes=2)[0] is False


def test_the_tries_and_their_interval_can_be_set() -> None:
    assert run(503, tries=3, intervalSeconds=2)[1].times == [0, 2, 4]


def test_a_function_with_too_short_a_time_out_answers_before_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    opens, probe = run(503, takes=30, until=12)
    assert (opens, probe.times, probe.clock.time) == (False, [0, 5, 10], 12)
    assert "the function's time-out is too short for all tries" in caplog.text


@given(
    answers=st.lists(st.sampled_from([200, 503, REFUSED]), min_size=1, max_size=15),
    successes=st.integers(1, 4),
    takes=st.floats(0, 20),
    until=st.floats(0, 80),
)
def test_it_opens_for_a_long_enough_row_of_successes_alone_and_never_late(
    answers: list[Any], successes: int, takes: float, until: float
) -> None:
    opens, probe = run(*answers, takes=takes, until=until, successes=successes)
    seen = (answers + answers[-1:] * 12)[: len(probe.times)]
    assert opens == (seen[-successes:] == [200] * successes)
    assert len(probe.times) <= 12
    assert probe.clock.time <= min(until, 60) + 1e-9


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://lb", (False, "lb", 80)),
        ("http://lb:9001/", (False, "lb", 9001)),
        ("https://lb", (True, "lb", 443)),
        ("https://10.0.0.7:8443", (True, "10.0.0.7", 8443)),
    ],
)
def test_the_listener_is_read_from_its_url(url: str, read: Any) -> None:
    found = chosen(testUrl=url)
    assert (found.tls, found.host, found.port) == read


@pytest.mark.parametrize(
    "url",
    [
        "lb",
        "ftp://lb",
        "http://",
        "http://lb:port",
        "http://lb:99999",
        "http://lb/health",
        "http://u@lb",
        "http://ü",
        "http://[::1",
    ],
)
def test_a_wrong_url_is_refused_with_what_it_must_be(url: str) -> None:
    with pytest.raises(SettingError, match=r"TEST_URL is .*: it must be http:// or https://, a host and a port"):
        chosen(testUrl=url)


@pytest.mark.parametrize(
    ("matcher", "codes"),
    [("200", {200}), ("200,204", {200, 204}), ("200-202, 301", {200, 201, 202, 301})],
)
def test_codes_are_written_as_in_a_target_group(matcher: str, codes: set[int]) -> None:
    assert chosen(expectedCodes=matcher).codes == codes


@pytest.mark.parametrize("matcher", ["ok", "20", "200-", "600", "200;204", "299-200", ","])
def test_wrong_codes_are_refused(matcher: str) -> None:
    with pytest.raises(SettingError, match="EXPECTED_CODES is"):
        chosen(expectedCodes=matcher)


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"healthPath": "health"}, "HEALTH_PATH is 'health': it must begin with /"),
        ({"healthPath": "/a b"}, "HEALTH_PATH is '/a b'"),
        ({"serverName": "api.example.com:443"}, "SERVER_NAME is .*without a port"),
        ({"serverName": "a\r\nX: y"}, "SERVER_NAME is"),
        ({"verifyTls": "no"}, "verifyTls in hookDetails is 'no': it must be true or false"),
        ({"successes": 13}, "from 1 to 12"),
        ({"tries": 180, "intervalSeconds": 5}, "TRIES x INTERVAL_SECONDS is 900 s: it must be at most 885 s"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(details: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        chosen(**details)


@given(url=st.text(), path=st.text(), codes=st.text())
def test_settings_are_read_or_refused(url: str, path: str, codes: str) -> None:
    try:
        assert chosen(testUrl=url, healthPath=path, expectedCodes=codes).host
    except SettingError as error:
        assert "it must be" in str(error) or "no code" in str(error)  # noqa: PT017 - either may be


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What the listener answers to the handler."""

    def answer(*given: int | NoAnswerError) -> None:
        monkeypatch.setenv("TEST_URL", URL)
        monkeypatch.setattr(entry.probe, "get", Probe(Clock(), *given))
        monkeypatch.setattr("time.sleep", lambda seconds: None)

    return answer


def test_the_hook_succeeds_when_the_gate_opens(statuses: Callable[..., None]) -> None:
    statuses(503, 200)
    assert handler(hook_event("POST_TEST_TRAFFIC_SHIFT"), Context(75_000)) == {"hookStatus": "SUCCEEDED"}


def test_the_hook_fails_in_one_invocation_when_it_does_not(
    statuses: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    statuses(REFUSED)
    assert handler(hook_event("POST_TEST_TRAFFIC_SHIFT"), Context(75_000)) == {"hookStatus": "FAILED"}
    assert f"{URL}/ is not healthy after 12 tries" in caplog.text


def test_a_rollback_is_not_gated(statuses: Callable[..., None]) -> None:
    statuses(REFUSED)
    assert handler(rollback_event("TEST_TRAFFIC_SHIFT"), Context()) == {"hookStatus": "SUCCEEDED"}


def test_without_a_url_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    assert handler(hook_event("POST_SCALE_UP"), Context()) == {"hookStatus": "FAILED"}
    assert "the gate stays shut: the variable TEST_URL is missing" in caplog.text

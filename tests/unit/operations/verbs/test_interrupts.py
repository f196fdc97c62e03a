"""Ctrl-C: first it is told what goes on, then the deployment is rolled back, then it is left."""

import json
import signal

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.aws import ATTEMPTS
from roadworthy.testing import faults
from tests.unit.operations.operate import Shop


def press(shop: Shop, *seconds: float) -> None:
    """Press Ctrl-C so many virtual seconds from now."""
    for each in seconds:
        shop.fake.clock.after(each, lambda: signal.raise_signal(signal.SIGINT))


def test_the_first_press_says_how_to_follow_and_the_deployment_goes_on(shop: Shop, capsys: pytest.CaptureFixture[str]):
    press(shop, 10)
    assert shop.run("restart", "api") == ExitCode.OK
    assert "`roadworthy watch api stage`; Ctrl-C again rolls it back" in capsys.readouterr().err
    assert shop.made("StopServiceDeployment") == []


def test_the_second_press_rolls_back(shop: Shop):
    press(shop, 10, 12)
    assert shop.run("restart", "api") == ExitCode.FAILED
    assert [stop["stopType"] for stop in shop.made("StopServiceDeployment")] == ["ROLLBACK"]


def test_the_third_press_leaves(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.never_starts())
    press(shop, 10, 10.5, 11)
    assert shop.run("restart", "api") == ExitCode.INTERRUPTED
    assert "left alone: it goes on in ECS" in capsys.readouterr().out


def test_a_press_keeps_the_next_service_from_being_started(shop: Shop, capsys: pytest.CaptureFixture[str]):
    press(shop, 10)
    assert shop.run("restart", "api", "worker") == ExitCode.FAILED
    assert [update["service"] for update in shop.made("UpdateService")] == ["api-stage"]
    assert "worker: not started: cancelled before it was started" in capsys.readouterr().out


def test_ctrl_c_is_pythons_again_afterwards(shop: Shop):
    before = signal.getsignal(signal.SIGINT)
    shop.run("restart", "api")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_told_to_end_leaves_the_deployment_and_ends_its_record(
    shop: Shop, number: signal.Signals, capsys: pytest.CaptureFixture[str]
):
    shop.fake.clock.after(10, lambda: signal.raise_signal(number))
    assert shop.run("restart", "api", "--output", "json") == ExitCode.INTERRUPTED
    record = json.loads(capsys.readouterr().out)["record"]
    shop.run("show", record, "--output", "json")
    assert json.loads(capsys.readouterr().out)["status"] == "cancelled"
    assert shop.made("StopServiceDeployment") == []


@pytest.mark.parametrize("verb", [("deploy", "api", "prod"), ("rollout", "start", "api", "prod")])
def test_ctrl_c_at_the_question_ends_the_command(shop: Shop, verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    shop.terminal.answers.append("api")
    monkeypatch.setattr(shop.terminal, "ask", lambda question: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        shop.run(*verb, "--image", "9d8e7f6", "--no-checks")
    assert shop.made("UpdateService") == []


def test_a_rollback_that_aws_did_not_hear_of_is_asked_for_again(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    shop.fake.script("api-stage", faults.never_starts())
    shop.fake.clock.after(60, lambda: shop.fake.aws.reset_connections(count=ATTEMPTS + 1))
    assert shop.run("restart", "api", "--timeout", "1m") == ExitCode.TIMED_OUT
    assert [stop["stopType"] for stop in shop.made("StopServiceDeployment")][-1] == "ROLLBACK"


def test_a_deployment_that_may_not_be_rolled_back_is_not_said_to_be(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.never_starts())
    shop.fake.aws.deny("ecs:StopServiceDeployment")
    assert shop.run("restart", "api", "--timeout", "1m") == ExitCode.TIMED_OUT
    told = capsys.readouterr()
    assert "timed out after 1m" in told.out
    assert ": it goes on in ECS and was not followed any longer" in told.out
    assert told.err.count("it cannot be rolled back") == 1

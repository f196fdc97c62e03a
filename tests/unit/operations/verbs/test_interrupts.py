"""Ctrl-C: first it is told what goes on, then the deployment is rolled back, then it is left."""

import signal

import pytest

from roadworthy.cli.exit_codes import ExitCode
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

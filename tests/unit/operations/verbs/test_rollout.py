"""`roadworthy rollout`: blue/green in six lines."""

import json

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.errors import RoadworthyError
from roadworthy.operations.errors import NotFoundError
from roadworthy.testing import faults
from tests.unit.operations.operate import IMAGE, STAGE, Shop

START = ("rollout", "start", "gateway", "--image", "9d8e7f6", "--no-checks", "--cluster", STAGE)


@pytest.fixture
def gateway(shop: Shop) -> Shop:
    """The shop with a service that is deployed blue/green."""
    shop.fake.add_service(STAGE, "gateway", image=IMAGE, strategy="BLUE_GREEN")
    return shop


def numbered(told: str) -> list[str]:
    """The numbers of the lines of the six steps."""
    return [line[:5] for line in told.splitlines() if line.startswith("[")]


def test_the_six_lines_are_told_once_each_with_a_tick(gateway: Shop, capsys: pytest.CaptureFixture[str]):
    assert gateway.run(*START) == ExitCode.OK
    told = capsys.readouterr().err
    assert numbered(told) == ["[1/6]", "[2/6]", "[3/6]", "[4/6]", "[5/6]", "[6/6]"]
    assert told.count("✓") == 6


def test_steps_that_pass_between_two_looks_are_told_all_the_same(gateway: Shop, capsys: pytest.CaptureFixture[str]):
    gateway.run(*START, "--poll", "1m")
    assert numbered(capsys.readouterr().err) == ["[1/6]", "[2/6]", "[3/6]", "[4/6]", "[5/6]", "[6/6]"]


def test_the_last_line_is_json_with_status_version_and_overlap(gateway: Shop, capsys: pytest.CaptureFixture[str]):
    gateway.run(*START)
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["status"], found["version"]) == ("success", "9d8e7f6")
    assert 60 < found["overlap_seconds"] < 300
    assert [step["done"] for step in found["steps"]] == [True] * 6


FAILS = {
    "migration": ("PRE_SCALE_UP", 1),
    "health gate": ("POST_TEST_TRAFFIC_SHIFT", 3),
    "tick guard": ("PRE_PRODUCTION_TRAFFIC_SHIFT", 4),
    "verification": ("POST_PRODUCTION_TRAFFIC_SHIFT", 5),
}


@pytest.mark.parametrize(("stage", "step"), FAILS.values(), ids=list(FAILS))
def test_a_step_that_fails_has_a_cross_and_blue_is_kept(
    gateway: Shop, capsys: pytest.CaptureFixture[str], stage: str, step: int
):
    gateway.fake.script("gateway", faults.hook_failure(stage))
    assert gateway.run(*START) == ExitCode.FAILED
    told = capsys.readouterr()
    found = json.loads(told.out.splitlines()[-1])
    assert numbered(told.err)[-1] == f"[{step}/6]"
    assert (found["status"], found["version"]) == ("rolled_back", "4f1c2ab")
    assert found["steps"][-1]["done"] is False


def test_a_pause_is_told_with_how_to_answer_and_continued(gateway: Shop, capsys: pytest.CaptureFixture[str]):
    gateway.fake.script("gateway", faults.paused_hook("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    assert gateway.run(*START) == ExitCode.PAUSED
    assert "roadworthy rollout continue gateway" in json.loads(capsys.readouterr().out)["why"]
    assert gateway.run("rollout", "continue", "gateway", "--cluster", STAGE) == ExitCode.OK
    assert [made["action"] for made in gateway.made("ContinueServiceDeployment")] == ["CONTINUE"]


def test_a_pause_is_rejected_and_ecs_rolls_back(gateway: Shop, capsys: pytest.CaptureFixture[str]):
    gateway.fake.script("gateway", faults.paused_hook("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    gateway.run(*START)
    capsys.readouterr()
    assert gateway.run("rollout", "reject", "gateway", "--cluster", STAGE) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["status"] == "rolled_back"


def test_without_a_pause_there_is_nothing_to_answer(gateway: Shop):
    with pytest.raises(NotFoundError, match="no deployment is in progress"):
        gateway.run("rollout", "continue", "gateway", "--cluster", STAGE)


def test_green_that_never_starts_is_rolled_back_in_time(gateway: Shop, capsys: pytest.CaptureFixture[str]):
    gateway.fake.script("gateway", faults.never_starts())
    assert gateway.run(*START, "--timeout", "5m") == ExitCode.FAILED
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["version"]) == ("timed_out", "4f1c2ab")


def test_an_alarm_while_both_run_keeps_blue(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.add_service(STAGE, "gateway", image=IMAGE, strategy="BLUE_GREEN", alarms=["gateway-5xx"])
    shop.fake.clock.after(80, lambda: shop.fake.set_alarm("gateway-5xx"))
    assert shop.run(*START) == ExitCode.FAILED
    assert json.loads(capsys.readouterr().out)["status"] == "rolled_back"


@pytest.mark.parametrize("strategy", ["CANARY", "LINEAR"])
def test_traffic_that_moves_by_steps_is_told(shop: Shop, capsys: pytest.CaptureFixture[str], strategy: str):
    shop.fake.add_service(STAGE, "gateway", image=IMAGE, strategy=strategy)
    assert shop.run(*START) == ExitCode.OK
    told = capsys.readouterr().err
    shares = [line.split()[-5] for line in told.splitlines() if "of the traffic" in line]
    assert shares == (["10", "100"] if strategy == "CANARY" else ["50", "100"])
    assert numbered(told) == ["[1/6]", "[2/6]", "[3/6]", "[4/6]", "[5/6]", "[6/6]"]


def test_watching_changes_nothing(gateway: Shop):
    gateway.run(*START)
    before = len(gateway.made("UpdateService"))
    assert gateway.run("rollout", "watch", "gateway", "--cluster", STAGE) == ExitCode.OK
    assert (len(gateway.made("UpdateService")), gateway.made("StopServiceDeployment")) == (before, [])


def test_a_probe_needs_a_url(gateway: Shop):
    with pytest.raises(RoadworthyError, match="'ftp://x' is no http or https URL"):
        gateway.run(*START, "--probe", "ftp://x")

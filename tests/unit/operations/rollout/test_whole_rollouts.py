"""Whole rollouts by the command, with Roadworthy's own functions as hooks: nobody is ever without an answer."""

from collections.abc import Callable
from typing import Any

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.testing import faults
from tests.unit.operations.operate import STAGE, Shop
from tests.unit.operations.rollout.hooked import Hooked

Capsys = pytest.CaptureFixture[str]
Make = Callable[..., Hooked]
ALL_DONE = "1✓ 2✓ 3✓ 4✓ 5✓ 6✓"


@pytest.fixture
def make(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes the service, with the options of `FakeEcs.add_service`."""
    return lambda **options: Hooked(shop, monkeypatch, **options)


@pytest.fixture
def hooked(make: Make) -> Hooked:
    return make()


def kept(found: dict[str, Any], hooked: Hooked) -> bool:
    """Whether blue was kept: its version runs, with its own tasks, and served all the time."""
    running = set(hooked.ecs.list_tasks(cluster=STAGE, serviceName="gateway")["taskArns"])
    return (found["version"], running, hooked.away) == ("4f1c2ab", set(hooked.blue), 0)


def test_a_good_version_is_migrated_gated_and_switched_to_without_a_gap(hooked: Hooked, capsys: Capsys) -> None:
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], found["version"], steps) == (ExitCode.OK, "success", "9d8e7f6", ALL_DONE)
    assert 60 < found["overlap_seconds"] < 300
    assert (hooked.away, hooked.made("RunTask", "StopServiceDeployment")) == (0, ["RunTask"])
    assert set(hooked.stages("ticks")) == {"PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"}


def test_after_a_failed_migration_green_never_starts(hooked: Hooked, capsys: Capsys) -> None:
    hooked.fake.script_task("gateway", faults.crash_loop(exit_code=3))
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.FAILED, "rolled_back", "1✗")
    assert (hooked.green, found["overlap_seconds"]) == (0, 0.0)
    assert kept(found, hooked)


def test_a_gate_that_stays_shut_keeps_blue(hooked: Hooked, capsys: Capsys) -> None:
    hooked.answers = 503
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.FAILED, "rolled_back", "1✓ 2✓ 3✗")
    assert "POST_TEST_TRAFFIC_SHIFT" in found["why"]
    assert found["overlap_seconds"] < 300
    assert kept(found, hooked)


def test_green_that_never_starts_is_rolled_back_at_the_deadline(make: Make, capsys: Capsys) -> None:
    hooked = make(circuit_breaker=False)
    hooked.fake.script("gateway", faults.never_starts())
    code, found, steps = hooked.start(capsys, "--timeout", "1h")
    assert (code, found["status"], steps) == (ExitCode.FAILED, "rolled_back", "1✓ 2✗")
    assert hooked.made("RunTask", "StopServiceDeployment") == ["RunTask", "StopServiceDeployment"]
    assert (found["overlap_seconds"], 880 < found["steps"][1]["seconds"] < 1000) == (0.0, True)
    assert kept(found, hooked)


def test_the_switch_waits_for_a_tick_and_no_longer(hooked: Hooked, capsys: Capsys) -> None:
    hooked.protect()
    hooked.fake.clock.after(100, lambda: hooked.protect(on=False))
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.OK, "success", ALL_DONE)
    assert 20 < found["steps"][3]["seconds"] < 100
    assert (found["overlap_seconds"] < 300, hooked.away) == (True, 0)


def test_a_tick_that_never_ends_keeps_blue(hooked: Hooked, capsys: Capsys) -> None:
    hooked.protect()
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.FAILED, "rolled_back", "1✓ 2✓ 3✓ 4✗")
    assert "PRE_PRODUCTION_TRAFFIC_SHIFT" in found["why"]
    assert found["overlap_seconds"] < 300
    assert kept(found, hooked)


def test_an_alarm_while_it_bakes_gives_the_traffic_back_to_blue(make: Make, capsys: Capsys) -> None:
    hooked = make(alarms=["gateway-5xx"], bake_minutes=2)
    hooked.fake.clock.after(130, lambda: hooked.fake.set_alarm("gateway-5xx"))
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.FAILED, "rolled_back", "1✓ 2✓ 3✓ 4✓ 5✓ 6✗")
    assert "alarm" in found["why"]
    assert found["overlap_seconds"] < 300
    assert kept(found, hooked)


@pytest.mark.parametrize(("strategy", "switches"), [("CANARY", 2), ("LINEAR", 4)])
def test_traffic_that_moves_by_steps_asks_before_each_and_has_six_lines(
    make: Make, capsys: Capsys, strategy: str, switches: int
) -> None:
    hooked = make(strategy=strategy, step_percent=25.0)
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.OK, "success", ALL_DONE)
    assert hooked.stages("ticks").count("PRE_PRODUCTION_TRAFFIC_SHIFT") >= switches
    assert (60 * switches < found["overlap_seconds"] < 60 * switches + 200, hooked.away) == (True, 0)


def test_a_pause_is_left_with_both_versions_and_goes_on_when_it_is_answered(hooked: Hooked, capsys: Capsys) -> None:
    hooked.fake.script("gateway", faults.paused_hook("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps) == (ExitCode.PAUSED, "paused", "1✓ 2✓ 3✓ 4…")
    code, found, steps = hooked.run(capsys, "rollout", "continue", "gateway", "--cluster", STAGE)
    assert (code, found["status"], found["version"]) == (ExitCode.OK, "success", "9d8e7f6")
    assert (steps, hooked.made("RunTask"), hooked.away) == (ALL_DONE, ["RunTask"], 0)


def test_a_second_rollout_during_the_first_is_refused_and_the_first_goes_on(hooked: Hooked, capsys: Capsys) -> None:
    hooked.ecs.update_service(cluster=STAGE, service="gateway", forceNewDeployment=True)
    hooked.fake.clock.sleep(30)
    code, _, steps = hooked.start(capsys)
    hooked.fake.clock.sleep(600)
    assert (code, steps, hooked.made("UpdateService")) == (ExitCode.BUSY, "1✗", ["UpdateService"])
    assert (hooked.service.history[-1].status, hooked.away) == ("SUCCESSFUL", 0)


def test_a_deployment_that_takes_the_place_of_ours_is_told_and_ends_well(hooked: Hooked, capsys: Capsys) -> None:
    def again() -> None:
        hooked.ecs.update_service(cluster=STAGE, service="gateway", forceNewDeployment=True)

    hooked.fake.clock.after(60, again)
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps[-1]) == (ExitCode.REPLACED, "replaced", "✗")
    hooked.fake.clock.sleep(900)
    assert ([one.status for one in hooked.service.history[1:]], hooked.away) == (["STOPPED", "SUCCESSFUL"], 0)


def test_a_rollback_invokes_the_hooks_of_both_shifts_again_and_they_let_it_pass(make: Make, capsys: Capsys) -> None:
    shifts = ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]
    hooked = make(alarms=["gateway-5xx"], stages={"migration": shifts, "gate": shifts, "ticks": shifts})
    hooked.fake.clock.after(110, lambda: hooked.fake.set_alarm("gateway-5xx"))
    code, found, steps = hooked.start(capsys)
    assert (code, found["status"], steps[-2:]) == (ExitCode.FAILED, "rolled_back", "6✗")
    assert hooked.stages("gate") == [*shifts, *reversed(shifts)]
    tokens = [asked["clientToken"] for asked in hooked.shop.made("RunTask")]
    assert (len(tokens), len(set(tokens)), hooked.made("StopTask")) == (2, 1, [])  # on the way there: one and the same
    assert (kept(found, hooked), hooked.fake.hook_errors) == (True, [])

"""The switch waits for the end of blue's work, with real processes."""

import time

import pytest

from tests.local.rolling_update.machine import Machine, ended

WAYS = {"command": ("--tick-command", "python idle.py"), "path": ("--tick-path", "/tick")}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_the_switch_waits_until_blue_is_idle(machine: Machine, way: tuple[str, str]):
    machine.version("2")
    busy = machine.image_folder("1") / "busy"
    busy.touch()
    process = machine.begin("2", *way, "--tick-timeout", "20s")
    time.sleep(3)
    assert machine.serving() == "1"
    busy.unlink()
    ran = ended(process)
    assert (ran.code, machine.serving()) == (0, "2")
    assert ran.found["steps"][3]["seconds"] > 0.5


def test_work_that_never_ends_keeps_blue(machine: Machine):
    machine.version("2")
    (machine.image_folder("1") / "busy").touch()
    ran = machine.update("2", *WAYS["command"])
    assert (ran.code, machine.serving(), machine.containers()) == (1, "1", {"web": "running"})
    assert ran.found["why"] == "the old version's work did not end within 1 s (--tick-timeout)"
    assert ran.found["downtime_seconds"] == 0


def test_a_command_that_blue_does_not_have_is_told_at_once(machine: Machine):
    machine.version("2")
    ran = machine.update("2", "--tick-command", "is-idle --now", "--tick-timeout", "60s")
    assert (ran.code, machine.serving()) == (1, "1")
    assert "`is-idle --now` cannot be run in container web" in ran.found["why"]

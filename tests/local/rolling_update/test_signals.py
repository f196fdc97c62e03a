"""Ctrl-C, a CI's SIGTERM and a lost connection end an update between two steps, or not at all."""

import signal
import time

import pytest

from tests.local.rolling_update.machine import Machine, ended


def until(machine: Machine, container: str, status: str) -> None:
    """Wait until a container has a status."""
    while machine.containers().get(container) != status:
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_before_the_switch_green_is_removed_and_blue_keeps_serving(machine: Machine, number: signal.Signals):
    machine.version("2")
    process = machine.begin("2", "--tick-protection", "30s")
    until(machine, "web-next", "created")
    process.send_signal(number)
    ran = ended(process)
    assert (ran.code, ran.found["status"], ran.found["version"]) == (130, "cancelled", "1")
    assert (machine.containers(), machine.serving()) == ({"web": "running"}, "1")
    assert ran.found["downtime_seconds"] == 0


def test_a_migration_is_let_end(machine: Machine):
    migrate = "import time\nopen('begun', 'w')\ntime.sleep(1)\nprint('migrated')\n"
    machine.version("2", migrate=migrate)
    process = machine.begin("2", "--migrate", "python migrate.py")
    while not (machine.image_folder("2") / "begun").exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    ran = ended(process)
    assert (ran.code, machine.containers()) == (130, {"web": "running"})
    assert "migrated" in ran.err
    assert ran.numbered == ["[1/6]"]


def test_a_switch_that_has_begun_is_finished(machine: Machine):
    machine.version("2", boot=1)
    process = machine.begin("2")
    until(machine, "web", "exited")
    process.send_signal(signal.SIGINT)
    ran = ended(process)
    assert (ran.code, ran.found["status"], machine.serving()) == (0, "success", "2")
    assert "asked to end after the switch had begun: it was finished" in ran.err

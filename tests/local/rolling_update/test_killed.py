"""A run that was killed is mended by the next one. Where it was killed is told by what it left."""

import signal
import time

from tests.local.rolling_update.machine import Machine, ended


def test_green_of_a_run_that_was_killed_in_the_gate_is_removed(machine: Machine):
    machine.version("2", health=503)
    machine.version("3")
    process = machine.begin("2", "--tries", "100", "--max-overlap", "10m")
    while machine.containers().get("web-green") != "running":
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    ran = machine.update("3")
    assert (ran.code, machine.serving(), machine.containers()) == (0, "3", {"web": "running"})
    assert "an update before this one was killed: removed web-green" in ran.err


def test_a_switch_that_was_killed_is_ended_by_the_next_run(machine: Machine):
    machine.version("2", boot=0.5)
    (machine.version("3") / "Dockerfile").write_text("RUN false")
    process = machine.begin("2")
    while machine.containers().get("web") != "exited":
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    ran = machine.update("3")
    assert (ran.found["status"], ran.found["version"]) == ("rolled_back", machine.serving())
    assert "an update before this one was killed" in ran.err
    assert machine.containers() == {"web": "running"}


def test_two_updates_of_a_service_do_not_run_together(machine: Machine):
    machine.version("2")
    first = machine.begin("2", "--tick-protection", "3s")
    while "web-green" not in machine.containers():
        time.sleep(0.05)
    second = machine.update("2")
    assert second.code == 9
    assert "another rolling update of web is in progress on this host" in second.err
    assert (ended(first).code, machine.containers()) == (0, {"web": "running"})

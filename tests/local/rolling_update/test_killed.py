"""A run that was killed is mended by the next one. Where it was killed is told by what it left."""

import signal
import time

import pytest

from tests.local.rolling_update.machine import Machine, ended


def make(machine: Machine, name: str, port: int, image: str = "web:1") -> None:
    """Make a container as an update does."""
    label = ("--label", "roadworthy.rolling-update=web")
    machine.docker("create", "--name", name, *label, "--env", f"PORT={port}", image)


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """A machine on which version 1 serves, with the image of version 2, and version 3 to be updated to."""
    machine.docker("build", "--tag", "web:2", str(machine.version("2")))
    machine.version("3")
    return machine


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


def test_blue_that_was_stopped_for_a_switch_that_never_was_serves_again(ready: Machine):
    make(ready, "web-next", ready.port, "web:2")
    ready.docker("stop", "-t", "1", "web")
    ran = ready.update("3")
    assert "removed web-next" in ran.err
    assert "web was started again" in ran.err
    assert (ran.code, ready.serving(), ready.containers()) == (0, "3", {"web": "running"})


def test_a_new_version_that_serves_after_its_switch_is_taken_over(ready: Machine):
    make(ready, "web-next", ready.port, "web:2")
    make(ready, "web-green", ready.green_port, "web:2")
    ready.docker("stop", "-t", "1", "web")
    ready.docker("start", "web-next")
    (ready.folder / "version-3" / "Dockerfile").write_text("RUN false")
    ran = ready.update("3")
    assert "web-next serves, and is web now" in ran.err
    assert (ran.code, ran.found["version"], ready.containers()) == (1, "2", {"web": "running"})


def test_a_new_version_that_had_been_verified_gets_its_name(ready: Machine):
    make(ready, "web-next", ready.port, "web:2")
    ready.docker("rm", "--force", "web")
    ready.docker("start", "web-next")
    ran = ready.update("3")
    assert "web-next is web now" in ran.err
    assert (ran.code, ready.serving(), ready.containers()) == (0, "3", {"web": "running"})


def test_a_container_that_no_update_made_is_not_touched(machine: Machine):
    machine.docker("create", "--name", "web-green", "web:1")
    machine.version("2")
    ran = machine.update("2")
    assert ran.code == 1
    assert "container web-green is there, and no rolling update of web made it" in ran.err
    assert machine.containers() == {"web": "running", "web-green": "created"}


def test_a_migration_that_still_runs_is_left_alone(machine: Machine):
    make(machine, "web-migrate", machine.green_port)
    machine.docker("start", "web-migrate")
    machine.version("2")
    ran = machine.update("2")
    assert ran.code == 9
    assert "its migration goes on: wait for web-migrate" in ran.err
    assert machine.containers()["web-migrate"] == "running"


def test_two_updates_of_a_service_do_not_run_together(machine: Machine):
    machine.version("2")
    first = machine.begin("2", "--tick-protection", "3s")
    while "web-green" not in machine.containers():
        time.sleep(0.05)
    second = machine.update("2")
    assert second.code == 9
    assert "another rolling update of web is in progress on this host" in second.err
    assert (ended(first).code, machine.containers()) == (0, {"web": "running"})

"""An update that fails, on a machine with real processes: green is removed, blue keeps serving, the exit code is 1."""

import pytest

from tests.local.rolling_update.machine import Machine, Ran

ENDS = "import sys\nprint('column exists already')\nsys.exit(4)\n"
BAD = {
    "the build": ({"dockerfile": "RUN false"}, 1, "`docker build ... ", "failed to build"),
    "the start": ({"ends": "x"}, 2, "container web-green ended with exit code 1", "      | no database: x"),
    "the health gate": ({"health": 503}, 3, "did not answer GET /health on port", "try 4 of 4: status 503"),
}


def assert_blue_was_kept(machine: Machine, ran: Ran, step: int) -> None:
    assert (ran.code, ran.found["status"], ran.found["version"]) == (1, "rolled_back", "1")
    assert machine.containers() == {"web": "running"}
    assert machine.serving() == "1"
    assert ran.numbered == [f"[{number}/6]" for number in range(1, step + 1)]
    assert [each["done"] for each in ran.found["steps"]] == [True] * (step - 1) + [False]


@pytest.mark.parametrize(("manners", "step", "why", "told"), BAD.values(), ids=list(BAD))
def test_blue_is_kept_without_any_downtime_where_it_fails_in(
    machine: Machine, manners: dict[str, object], step: int, why: str, told: str
):
    machine.version("2", **manners)
    ran = machine.update("2")
    assert_blue_was_kept(machine, ran, step)
    assert why in ran.found["why"]
    assert told in ran.err
    assert ran.found["downtime_seconds"] == 0


def test_green_never_starts_where_the_migration_fails(machine: Machine):
    machine.version("2", migrate=ENDS)
    ran = machine.update("2", "--migrate", "python migrate.py")
    assert_blue_was_kept(machine, ran, 1)
    assert ran.found["why"] == "the migration `python migrate.py` ended with 4: the new version was not started"
    assert "column exists already" in ran.err
    assert [call[call.index("--name") + 1] for call in machine.calls("run")] == ["web", "web-migrate"]


def test_a_migration_that_never_ends_is_ended(machine: Machine):
    machine.version("2", migrate="import time\ntime.sleep(60)\n")
    ran = machine.update("2", "--migrate", "python migrate.py", "--migrate-timeout", "0.5s")
    assert_blue_was_kept(machine, ran, 1)
    assert "did not end within 0.5 s" in ran.found["why"]


def test_blue_comes_back_within_five_seconds_where_the_new_version_ends_on_the_production_port(machine: Machine):
    machine.version("2", end_port=machine.port)
    ran = machine.update("2")
    assert_blue_was_kept(machine, ran, 5)
    assert ran.found["why"] == "container web-next ended with exit code 1"
    assert f"      | port {machine.port} is not for me" in ran.err
    assert 0 < ran.found["downtime_seconds"] < 5


def test_blue_comes_back_where_the_new_version_is_ill_on_the_production_port(machine: Machine):
    machine.version("2", bad_port=machine.port)
    ran = machine.update("2", "--max-downtime", "8s")
    assert_blue_was_kept(machine, ran, 5)
    assert f"the new version did not answer well on port {machine.port} within" in ran.found["why"]
    assert ran.found["downtime_seconds"] >= 4


def test_green_is_left_where_blue_cannot_be_started_again(machine: Machine):
    machine.version("2", bad_port=machine.port)
    (machine.state / "refuse" / "start").write_text("no space left on device")
    ran = machine.update("2")
    assert (ran.code, ran.found["status"]) == (3, "rollback_failed")
    assert "could not be started again: `docker start web` failed: no space left on device" in ran.found["why"]
    assert machine.serving(machine.green_port) == "2"


def test_a_first_version_that_fails_leaves_nothing(bare: Machine):
    bare.version("1", health=500)
    ran = bare.update("1", "--tries", "1")
    assert (ran.code, ran.found["status"], ran.found["version"]) == (1, "failed", "")
    assert bare.containers() == {}


def test_the_next_update_succeeds_after_one_that_failed(machine: Machine):
    machine.version("2", ends="1")
    machine.version("3")
    assert machine.update("2").code == 1
    assert (machine.update("3").code, machine.serving()) == (0, "3")

"""An update that succeeds, on a machine with real processes: what is promised of its times is measured."""

import json

from tests.local.rolling_update.conftest import Updated, serving
from tests.local.rolling_update.machine import Machine


def test_the_new_version_serves_under_the_name_and_on_the_port_of_the_old_one(updated: Updated):
    machine = updated.machine
    assert (updated.ran.code, machine.serving()) == (0, "2")
    assert machine.containers() == {"web": "running"}
    assert machine.serving(machine.green_port) is None


def test_nobody_is_without_an_answer_for_five_seconds(updated: Updated):
    found = updated.ran.found
    assert 0.5 < found["downtime_seconds"] < 5
    assert found["probes"]["asked"] > found["probes"]["failed"] > 0


def test_the_six_lines_are_told_once_each_with_a_tick_and_the_last_line_is_json(updated: Updated):
    ran = updated.ran
    assert ran.numbered == ["[1/6]", "[2/6]", "[3/6]", "[4/6]", "[5/6]", "[6/6]"]
    assert ran.err.count("✓ done") == 6
    assert (ran.found["status"], ran.found["version"]) == ("success", "2")
    assert 0 < ran.found["overlap_seconds"] < 300


def test_containers_have_the_region_the_env_file_and_the_restart_policy(updated: Updated):
    found = json.loads(str(updated.machine.serving(path="/environment")))
    assert (found["ENV_REGION"], found["COLOUR"], found["PORT"]) == ("eu-west-1", "teal", str(updated.machine.port))
    (create,) = updated.machine.calls("create")
    assert create[create.index("--restart") + 1] == "always"
    assert create[create.index("--network") + 1] == "host"


def test_the_migration_runs_in_the_new_image_before_green_starts(updated: Updated):
    assert 'migrated by {"version": "2"' in updated.ran.err
    runs = [call[call.index("--name") + 1] for call in updated.machine.calls("run")]
    assert runs == ["web", "web-migrate", "web-green"]


def test_a_service_without_an_old_version_begins_with_the_new_one(bare: Machine):
    bare.version("1")
    ran = bare.update("1")
    assert (ran.code, ran.found["status"], bare.serving()) == (0, "success", "1")
    assert (ran.found["downtime_seconds"], ran.found["overlap_seconds"]) == (None, 0)


def test_a_container_that_has_stopped_is_replaced(machine: Machine):
    machine.docker("stop", "-t", "1", "web")
    machine.version("2")
    ran = machine.update("2")
    assert (ran.code, machine.serving(), machine.containers()) == (0, "2", {"web": "running"})


def test_several_updates_one_after_another_leave_one_container(machine: Machine):
    for version in ("2", "3"):
        machine.version(version)
        assert machine.update(version).code == 0
        assert machine.serving() == version
    assert machine.containers() == {"web": "running"}


def test_an_old_version_that_does_not_stop_serves_until_it_is_killed(bare: Machine):
    bare.version("2")
    serving(bare, deaf=True)
    ran = bare.update("2", "--stop-timeout", "2")
    assert (ran.code, bare.serving()) == (0, "2")
    assert ran.found["downtime_seconds"] < 2
    assert ran.found["steps"][4]["seconds"] > 2

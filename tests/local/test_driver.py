"""The driver: one emulator to a state folder, and nothing left behind, however it ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from roadworthy.local.errors import LocalError
from roadworthy.local.session import LocalAws
from tests.local.listening import descendants

pytestmark = pytest.mark.e2e

# Starts a local AWS with one task, tells its pid, and waits.
SCRIPT = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits that it is ignored
from roadworthy.local.images import push
from roadworthy.local.session import LocalAws
with LocalAws.start(Path(sys.argv[1]), port=0) as aws:
    ecr, ecs = aws.client("ecr"), aws.client("ecs")
    ecr.create_repository(repositoryName="app")
    push(ecr, "app", "1", argv=[sys.executable, "-c", "import time; time.sleep(600)"], cwd=".")
    image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/app:1"
    ecs.register_task_definition(family="t", containerDefinitions=[{"name": "app", "image": image}])
    ecs.create_cluster(clusterName="c")
    ecs.run_task(cluster="c", taskDefinition="t", count=2)
    while aws.client("ecs").describe_clusters(clusters=["c"])["clusters"][0]["runningTasksCount"] < 2:
        time.sleep(0.05)
    print(aws._emulator.running.pid, flush=True)
    time.sleep(600)
"""


def alive(pids):
    return {
        pid for pid in pids if os.path.exists(f"/proc/{pid}/stat") and " Z " not in open(f"/proc/{pid}/stat").read()
    }


def wait_until_gone(pids, seconds=60):
    end = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < end:
        time.sleep(0.05)
    return alive(pids)


@pytest.fixture
def driver(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    pid = int(process.stdout.readline())
    yield process, pid, tmp_path
    process.kill()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_a_driver_that_is_killed(driver, number):
    process, emulator, state = driver
    family = descendants(emulator)
    assert len(family) >= 4  # the emulator, the reaper, two tasks
    process.send_signal(number)
    assert wait_until_gone(family) == set()
    assert not (state / "tmp").exists()


def test_nothing_outlives_an_emulator_that_is_killed(driver):
    _process, emulator, state = driver
    family = descendants(emulator)
    os.kill(emulator, signal.SIGKILL)
    assert wait_until_gone(family) == set()
    assert not (state / "tmp").exists()


def test_a_state_folder_holds_one_emulator_and_can_be_used_again(tmp_path):
    with LocalAws.start(tmp_path) as aws:
        with pytest.raises(LocalError, match=r"runs already in .*roadworthy local down"):
            LocalAws.start(tmp_path)
        with LocalAws.attach(tmp_path) as same:
            assert same.port == aws.port
        with pytest.raises(LocalError, match=f"port {aws.port} is taken"):
            LocalAws.start(tmp_path / "other", port=aws.port)
    with LocalAws.start(tmp_path) as again:
        assert again.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_a_stopped_one_cannot_be_attached_to(tmp_path):
    with pytest.raises(LocalError, match=r"no local AWS runs in .*roadworthy local up"):
        LocalAws.attach(tmp_path)


def test_a_detached_one_runs_on_until_it_is_stopped(tmp_path):
    with LocalAws.start(tmp_path) as aws:
        aws.detach()
    with LocalAws.attach(tmp_path) as same:
        assert same.client("sts").get_caller_identity()["Account"] == "000000000000"
        same.stop()
    with pytest.raises(LocalError, match="no local AWS runs"):
        LocalAws.attach(tmp_path)


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"pid": 1, "port": 4566, "region": "r"}', '{"pid": "x", "port": 1}']
)
def test_a_damaged_session_is_told_and_no_stranger_is_stopped(driver, damaged):
    process, emulator, state = driver
    (state / "session.json").write_text(damaged)
    with pytest.raises(LocalError, match=r"session\.json does not say which process it is"):
        LocalAws.attach(state)
    assert alive({emulator, process.pid}) == {emulator, process.pid}


def test_another_process_under_the_recorded_number_is_not_stopped(driver):
    _process, _emulator, state = driver
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (state / "session.json").write_text(f'{{"pid": {stranger.pid}, "port": 4566, "region": "eu-west-1"}}')
        with pytest.raises(LocalError, match=r"session\.json"):
            LocalAws.attach(state)
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("port", [80, 70_000])
def test_a_port_that_cannot_be_is_told(tmp_path, port):
    with pytest.raises(LocalError, match=rf"port {port} is not in 1024\.\.65535"):
        LocalAws.start(tmp_path, port=port)

import argparse
import json

import pytest

from roadworthy.cli.operate import diagnose as verb
from roadworthy.operations.context import Context
from roadworthy.operations.errors import NotFoundError
from roadworthy.testing import faults

SECRET = "correct-horse-battery"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """(exit code, output) of `roadworthy diagnose`."""
    monkeypatch.chdir(tmp_path)

    def call(fake, *arguments):
        parser = argparse.ArgumentParser()
        verb.configure(parser)
        args = parser.parse_args([*(arguments or ("api",)), "--cluster", "shop"])
        code = verb.run(args, Context(clock=fake.clock, open_session=lambda profile: fake.session()))
        return code, capsys.readouterr().out

    return call


def test_a_healthy_service_ends_with_0(account, run):
    code, output = run(account())
    assert (code, output.splitlines()[0]) == (0, "✓ api: nothing is wrong")


def test_the_root_cause_stands_on_top_with_its_next_step_and_its_log(account, run):
    fake = account()
    fake.deploy(faults.crash_loop(1, ["KeyError: 'DATABASE_URL'"]))
    code, output = run(fake)
    assert code == 1
    assert output.splitlines()[:5] == [
        "✗ api: container `api` exited with code 1: KeyError: 'DATABASE_URL'",
        "    next: Add the variable to the container's environment or secrets",
        "    AWS: EssentialContainerExited: Essential container in task exited; api: exit code 1",
        "    | KeyError: 'DATABASE_URL'",
        "    it explains: last-deployment",
    ]


def test_the_checklist_is_a_tree_of_ok_bad_and_skipped(account, run):
    fake = account(open_port=80)
    _, output = run(fake)
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "✓ image-in-registry its images in ECR exist, for its processor" in lines
    assert "– deployment-alarms skipped: it has no deployment alarms" in lines  # noqa: RUF001
    start = "✗ network-path security group `sg-0aaaaaaaaaaaaaaaa` does not let load balancer `front` in on port 8080"
    assert [line for line in lines if line.startswith(start)]


def test_json_has_the_documented_shape(account, run):
    fake = account()
    fake.deploy(faults.pull_error())
    code, output = run(fake, "api", "--output", "json")
    answer = json.loads(output)
    what = "image `111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:4f1c2ab` is not in its repository"
    next_step = "Push the image, or deploy one that exists"
    assert (code, answer["ok"], answer["service"], answer["cluster"]) == (1, False, "api", "shop")
    assert answer["root_cause"] == {
        "check": "image-pulled",
        "kind": "image-not-found",
        "what": what,
        "next_step": next_step,
        "explains": ["last-deployment"],
    }
    (check,) = [each for each in answer["checks"] if each["check"] == "image-pulled"]
    (problem,) = check["problems"]
    assert (check["step"], check["status"], check["skipped"]) == ("image", "bad", [])
    assert problem.pop("evidence").startswith("TaskFailedToStart: CannotPullContainerError: pull image manifest")
    expected = {"kind": "image-not-found", "severity": "error", "what": what, "next_step": next_step, "times": 3}
    assert len(problem.pop("task")) == 32
    assert problem == {**expected, "log": [], "note": None}


def test_json_of_a_healthy_service_has_no_root_cause(account, run):
    _, output = run(account(), "api", "--output", "json")
    answer = json.loads(output)
    assert (answer["ok"], answer["root_cause"]) == (True, None)
    assert {check["status"] for check in answer["checks"]} == {"ok", "skipped"}


@pytest.mark.parametrize("output", ["text", "json"])
def test_no_value_of_the_environment_is_printed(account, run, output):
    environment = [{"name": name, "value": SECRET} for name in ("DB_PASSWORD", "TOKEN", "TOKEN", "PORT")]
    fake = account(container={"environment": environment})
    fake.deploy(faults.crash_loop(1))
    _, text = run(fake, "api", "--output", output)
    assert "TOKEN" in text
    assert SECRET not in text


def test_an_unknown_service_is_told_with_the_nearest_name(account, run):
    with pytest.raises(NotFoundError, match="no service `apo` in cluster shop, eu-west-1; did you mean `api`"):
        run(account(), "apo")

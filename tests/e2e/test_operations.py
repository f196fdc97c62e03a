"""`roadworthy` on the command line, against the service that runs on the local AWS."""

import concurrent.futures
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytest.importorskip("ministack")

from roadworthy.local.cdk import Cdk
from roadworthy.local.commands import Commands
from roadworthy.local.images import push
from tests.e2e.conftest import ROOT, eventually

pytestmark = pytest.mark.e2e

COMMAND = Path(sysconfig.get_path("scripts")) / "roadworthy"
NAME, CLUSTER = "query-service", "query-service-cluster"


class Operator:
    """Somebody with a terminal, in the repository's folder."""

    def __init__(self, service):
        self.aws = service.aws
        self.image = service.app.images[0]
        self.tag = ""  # of the image that runs before anything is deployed here

    def __call__(self, *words):
        """Run `roadworthy` with these words: its exit code, what it prints, and what it says beside that."""
        environment = {**self.aws.environment(), "PATH": os.environ["PATH"], "COLUMNS": "200"}
        done = subprocess.run(
            [COMMAND, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *words):
        """The exit code, and the document that it prints."""
        done = self(*words, "--output", "json")
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def running(self):
        """The tag that each task runs."""
        ecs = self.aws.client("ecs")
        tasks = ecs.list_tasks(cluster=CLUSTER, serviceName=NAME, desiredStatus="RUNNING")["taskArns"]
        described = ecs.describe_tasks(cluster=CLUSTER, tasks=tasks)["tasks"]
        return sorted(one["containers"][0]["image"].rpartition(":")[2] for one in described)

    def push(self, tag, *argv):
        push(self.aws.client("ecr"), self.image.repository, tag, argv=argv, cwd=self.image.cwd)


@pytest.fixture(scope="module")
def operator(service):
    """An operator of a service with two tasks whose records have their table, with two more images to deploy."""
    aws = service.aws
    cdk = Cdk(tools=ROOT, state=aws.state, commands=Commands(), port=aws.port, region=aws.region)
    cdk.deploy(aws.state / "cdk.out", ["OperationsStack"])  # synthesized with the others
    made = Operator(service)
    python = aws.state / "task-python-0" / "bin" / "python"
    made.push("second", *(word.replace("{python}", str(python)) for word in made.image.argv))
    made.push("broken", sys.executable, "-c", "raise SystemExit('no database')")
    eventually(lambda: len(made.running()) == 2)
    made.tag, _ = made.running()
    return made


@pytest.fixture(scope="module")
def told(operator):
    """What the verbs that change nothing print, before anything is changed; all at once."""
    verbs = ("list", f"status {NAME}", f"events {NAME}", f"logs {NAME}", f"diagnose {NAME}", "restart query-servic")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(verbs, pool.map(lambda verb: operator(*verb.split()), verbs), strict=True))


@pytest.fixture(scope="module")
def done(operator, told):
    """What the verbs that change the service came to, in this order, with the tags that ran after each."""
    quickly = ("--poll", "1s")
    verbs = {
        "restart": ("restart", NAME, *quickly),
        "deploy": ("deploy", NAME, "--image", "second", "--message", "a second one", *quickly),
        "rollback": ("rollback", NAME, *quickly),
        "broken": ("deploy", NAME, "--image", "broken", *quickly),
        "missing": ("deploy", NAME, "--image", "never-pushed", *quickly),
    }
    return {name: (operator(*words, "--output", "json"), operator.running()) for name, words in verbs.items()}


def test_list_tells_the_service_and_its_image(operator, told):
    row = told["list"].stdout.splitlines()[1].split()
    assert told["list"].returncode == 0
    assert row[:4] == [NAME, "2", "2", "0"]
    assert operator.tag in row  # behind the state, which tests before this one may have left "in progress"


def test_status_counts_tasks_and_targets(told):
    told = told[f"status {NAME}"]
    assert told.returncode == 0
    assert told.stdout.startswith(f"{NAME} stage: healthy: 2 of 2 tasks run, 2 targets are healthy\n")


def test_logs_are_those_of_the_tasks(told):
    assert told[f"logs {NAME}"].returncode == 0
    assert "Application startup complete." in told[f"logs {NAME}"].stdout


def test_events_are_those_of_ecs(told):
    assert told[f"events {NAME}"].returncode == 0
    assert f"(service {NAME}) has begun draining connections" in told[f"events {NAME}"].stdout


def test_diagnose_finds_nothing_wrong(told):
    told = told[f"diagnose {NAME}"]
    checks = {line.split()[1]: line.split()[0] for line in told.stdout.splitlines() if line.startswith("  ")}
    assert told.returncode == 0, told.stdout
    assert {checks[name] for name in ("image-in-registry", "secrets-exist", "targets-healthy", "network-path")} == {"✓"}


def test_a_name_that_no_service_has_is_told_the_nearest(told):
    told = told["restart query-servic"]
    assert (told.returncode, told.stdout) == (10, "")
    assert told.stderr.endswith("did you mean `query-service`?\n")


def outcome(done, name):
    """Exit code, outcome and why of one verb, and the tags that ran afterwards."""
    (ran, tags) = done[name]
    (service,) = json.loads(ran.stdout)["services"]
    return ran.returncode, service["outcome"], service["why"], tags


@pytest.mark.parametrize(("verb", "second"), [("restart", False), ("deploy", True), ("rollback", False)])
def test_a_deployment_is_followed_to_its_success(operator, done, verb, second):
    tag = "second" if second else operator.tag
    code, came_to, why, tags = outcome(done, verb)
    assert (code, came_to, tags) == (0, "succeeded", [tag] * 2)
    assert why == "2 of 2 tasks run, 2 targets are healthy"


def test_a_deployment_that_is_rolled_back_is_no_success_and_says_why(operator, done):
    code, came_to, why, tags = outcome(done, "broken")
    assert (code, came_to, tags) == (1, "rolled back", [operator.tag] * 2)
    assert why == "container `ecs-handler` exited with code 1: an error in the application"
    assert "no database" in done["broken"][0].stderr


def test_an_image_that_was_never_pushed_is_refused_before_anything_begins(operator, done):
    ran, tags = done["missing"]
    assert (ran.returncode, tags) == (1, [operator.tag] * 2)
    assert "never-pushed" in ran.stderr


def test_history_has_the_deployments_with_their_records(operator, done):
    code, history = operator.json("history", NAME)
    own = operator.tag
    newest = [(one["status"], one["image"]) for one in history[:4]]
    wanted = [("rollback successful", "broken"), ("successful", own), ("successful", "second"), ("successful", own)]
    assert (code, newest) == (0, wanted)
    assert all(one["record"] for one in history[:4])


def test_a_record_tells_who_deployed_what_and_how_it_went(operator, done):
    _, history = operator.json("history", NAME)
    record = next(one["record"] for one in history if one["image"] == "second")
    code, told = operator.json("show", record)
    assert (code, told["type"], told["status"], told["message"]) == (0, "full", "success", "a second one")
    assert told["who"] == "arn:aws:iam::000000000000:root"

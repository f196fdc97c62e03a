"""The smaller examples that differ from the thirteen of test_optima, deployed to one local AWS."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("ministack")

from roadworthy.local.app import App
from roadworthy.local.images import push
from roadworthy.local.session import LocalAws

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "tests" / "local" / "task_app.py"
REGION = "eu-west-1"
PORTS = {"worker": 8000, "pgbouncer": 6432, "report": 8000}
TAGS = ["3f2a9c1d0b7e", "1.24.1"]


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stand-in")
    with LocalAws.start(tmp_path_factory.mktemp("examples"), port=0, region=REGION) as aws:
        for name, port in PORTS.items():
            aws.client("ecr").create_repository(repositoryName=name)
            argv = [str(stand_in(folder / name)), "{host}", "{port}"]
            for tag in TAGS:
                push(aws.client("ecr"), name, tag, argv=argv, cwd=folder, port=port)
        yield aws


def stand_in(program):
    """A program that answers HTTP for ever, and is well when it is asked: `scheduler --is-alive`."""
    program.write_text(f'#!/bin/sh\ntest "$1" = --is-alive || exec "{sys.executable}" "{SERVER}" "$@"\n')
    program.chmod(0o700)
    return program


def deploy(aws, example, stack):
    app = App(ROOT / "examples" / example, f"{sys.executable} app.py", REGION, stacks=(stack,))
    aws.deploy(app, tools=ROOT)
    (found,) = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    assert found["StackStatus"] == "CREATE_COMPLETE"


def services(aws):
    ecs = aws.client("ecs")
    for cluster in ecs.list_clusters()["clusterArns"]:
        for arn in ecs.list_services(cluster=cluster)["serviceArns"]:
            yield from ecs.describe_services(cluster=cluster, services=[arn])["services"]


def test_the_pooler_and_the_worker_that_it_serves_run(aws):
    deploy(aws, "pooler", "Pooler")
    running = {one["serviceName"]: one["runningCount"] for one in services(aws) if one["status"] == "ACTIVE"}
    assert running == {"pgbouncer": 2, "worker": 2}


def test_the_nightly_task_is_scheduled(aws):
    deploy(aws, "nightly", "Nightly")
    schedule = aws.client("scheduler").get_schedule(Name="report")
    assert (schedule["ScheduleExpression"], schedule["State"]) == ("cron(0 3 * * ? *)", "ENABLED")
    assert schedule["ScheduleExpressionTimezone"] == "Asia/Singapore"

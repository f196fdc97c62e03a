"""The smaller example of a kind that the thirteen of test_optima have not, deployed to a local AWS."""

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
PORTS = {"report": 8000}
TAGS = ["3f2a9c1d0b7e"]


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


def test_the_nightly_task_is_scheduled(aws):
    deploy(aws, "nightly", "Nightly")
    schedule = aws.client("scheduler").get_schedule(Name="report")
    assert (schedule["ScheduleExpression"], schedule["State"]) == ("cron(0 3 * * ? *)", "ENABLED")
    assert schedule["ScheduleExpressionTimezone"] == "Asia/Singapore"

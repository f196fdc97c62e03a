"""Each end of a deployment is told apart, with its own exit code."""

import json

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.testing import faults
from roadworthy.testing.faults import Fault
from tests.unit.operations.operate import STAGE, Shop

ENDS = {
    "rolled back": (faults.pull_error(), "rolled back", ExitCode.FAILED),
    "rollback failed": (faults.crash_loop(1) & faults.rollback_fails(), "rollback failed", ExitCode.ROLLBACK_FAILED),
    "replaced": (faults.replaced(20), "replaced", ExitCode.REPLACED),
    "stopped": (faults.stopped(20), "stopped", ExitCode.STOPPED),
    "rolled back by somebody": (faults.rolled_back(20), "rolled back", ExitCode.FAILED),
    "timed out": (faults.never_starts(), "timed out", ExitCode.TIMED_OUT),
    "slow, but in time": (faults.slow_start(200), "succeeded", ExitCode.OK),
}


@pytest.mark.parametrize(("fault", "outcome", "code"), ENDS.values(), ids=list(ENDS))
def test_each_end_has_its_own_outcome_and_exit_code(
    shop: Shop, capsys: pytest.CaptureFixture[str], fault: Fault, outcome: str, code: ExitCode
):
    shop.fake.script("api-stage", fault)
    assert shop.run("restart", "api", "--output", "json") == code
    assert json.loads(capsys.readouterr().out)["services"][0]["outcome"] == outcome


CAUSES = {
    "image": (faults.pull_error(), "is not in its repository"),
    "secret": (faults.secret_missing(), "lacks secretsmanager:GetSecretValue"),
    "crash": (faults.crash_loop(3), "exited with code 3"),
    "capacity": (faults.no_capacity(), "Fargate has no capacity"),
    "health": (faults.failed_health_checks("Target.Timeout"), "the health check of target group `api-stage` fails"),
}


@pytest.mark.parametrize(("fault", "words"), CAUSES.values(), ids=list(CAUSES))
def test_the_cause_is_told_while_the_deployment_goes_on(
    shop: Shop, capsys: pytest.CaptureFixture[str], fault: Fault, words: str
):
    shop.fake.script("api-stage", fault)
    shop.run("restart", "api")
    told = capsys.readouterr().err.splitlines()
    cause = next(number for number, line in enumerate(told) if words in line and "ECS: " not in line)
    back = next(number for number, line in enumerate(told) if "was rolled back" in line)
    assert cause < back
    assert told[cause + 1].startswith("    next: ")


def test_the_last_lines_of_a_task_that_crashed_are_told(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.crash_loop(1, ["no database at db:5432"]))
    shop.run("restart", "api")
    assert "    | no database at db:5432" in capsys.readouterr().err.splitlines()


def test_tasks_that_fail_in_the_same_way_again_and_again_are_not_waited_for(shop: Shop):
    shop.fake.script("api-stage", faults.crash_loop(1))
    shop.run("restart", "api", "--fail-fast", "2")
    (stop,) = shop.made("StopServiceDeployment")
    assert stop["stopType"] == "ROLLBACK"


def test_a_deployment_that_takes_too_long_is_rolled_back(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.never_starts())
    shop.run("restart", "api", "--timeout", "5m")
    assert len(shop.made("StopServiceDeployment")) == 1
    assert "timed out after 5m" in capsys.readouterr().out


def test_a_deployment_that_takes_too_long_is_left_alone_where_that_is_wanted(shop: Shop):
    shop.fake.script("api-stage", faults.never_starts())
    assert shop.run("restart", "api", "--timeout", "5m", "--on-timeout", "leave") == ExitCode.TIMED_OUT
    assert shop.made("StopServiceDeployment") == []


def test_a_deployment_that_waits_for_an_approval_is_paused(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.add_service(STAGE, "gateway", image="gateway:7c6b5a4", strategy="BLUE_GREEN")
    shop.fake.script("gateway", faults.paused_hook("PRE_SCALE_UP"))
    assert shop.run("restart", "gateway", "--cluster", STAGE) == ExitCode.PAUSED
    assert "paused" in capsys.readouterr().out


def test_without_the_permission_to_read_tasks_the_deployment_is_followed_all_the_same(
    shop: Shop, capsys: pytest.CaptureFixture[str]
):
    shop.fake.aws.deny("ecs:ListTasks")
    assert shop.run("restart", "api") == ExitCode.OK
    assert capsys.readouterr().err.count("the credentials lack ecs:ListTasks") == 1


def test_health_that_cannot_be_asked_is_no_failure(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.aws.deny("elasticloadbalancing:DescribeTargetHealth")
    assert shop.run("restart", "api") == ExitCode.OK
    assert "its health is not certain" in capsys.readouterr().out


def test_connections_that_break_end_nothing(shop: Shop):
    shop.fake.aws.reset_connections(count=3)
    assert shop.run("restart", "api") == ExitCode.OK

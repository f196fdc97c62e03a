"""`roadworthy restart`, against a simulated ECS."""

import json

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.errors import AccessDeniedError, DeclinedError, NotFoundError
from roadworthy.testing import faults
from tests.unit.operations.operate import PROD, STAGE, Answers, Shop


def test_a_restart_starts_a_new_deployment_of_the_same_revision(shop: Shop):
    assert shop.run("restart", "api") == ExitCode.OK
    (update,) = shop.made("UpdateService")
    assert update == {"cluster": STAGE, "service": "api-stage", "forceNewDeployment": True}


def test_the_environment_is_stage_unless_told_otherwise_and_the_last_name_may_be_one(shop: Shop):
    shop.run("restart", "worker", "prod", "--yes")
    assert [update["cluster"] for update in shop.made("UpdateService")] == [PROD]


def test_the_service_may_be_named_as_ecs_names_it(shop: Shop):
    assert shop.run("restart", "api-stage") == ExitCode.OK


def test_success_is_told_with_the_numbers_of_tasks_and_targets(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("restart", "api")
    assert capsys.readouterr().out == "✓ api stage: succeeded after 46s: 2 of 2 tasks run, 2 targets are healthy\n"


def test_prod_asks_for_the_name_of_the_service(shop: Shop):
    shop.terminal = Answers(["api"])
    assert shop.run("restart", "api", "prod") == ExitCode.OK
    assert shop.terminal.questions == ["restart api prod in eu-west-1? Type api to go on: "]


def test_another_answer_declines_and_changes_nothing(shop: Shop):
    shop.terminal = Answers(["yes"])
    with pytest.raises(DeclinedError, match="restart api prod: declined, nothing was changed"):
        shop.run("restart", "api", "prod")
    assert shop.made("UpdateService") == []


def test_prod_without_a_terminal_needs_yes(shop: Shop):
    with pytest.raises(DeclinedError, match="there is no terminal to ask on: pass --yes"):
        shop.run("restart", "api", "prod")
    assert shop.run("restart", "api", "prod", "--yes") == ExitCode.OK


def test_several_of_prod_are_confirmed_by_the_environments_name(shop: Shop):
    shop.terminal = Answers(["prod"])
    assert shop.run("restart", "api", "worker", "prod") == ExitCode.OK
    assert shop.terminal.questions == ["restart 2 services of prod in eu-west-1? Type prod to go on: "]


def test_all_restarts_the_active_services_in_order_and_says_which_it_skips(
    shop: Shop, capsys: pytest.CaptureFixture[str]
):
    assert shop.run("restart", "--all") == ExitCode.OK
    assert [update["service"] for update in shop.made("UpdateService")] == ["api-stage", "worker-stage"]
    assert "mailer is not active in services.toml: skipped" in capsys.readouterr().err


def test_of_ten_services_three_fail_and_the_others_are_restarted(shop: Shop, capsys: pytest.CaptureFixture[str]):
    names = [f"job{number}" for number in range(10)]
    for name in names:
        shop.fake.add_service(STAGE, name, image="jobs:1f2e3d4", port=None)
    for name in ("job2", "job5", "job7"):
        shop.fake.script(name, faults.crash_loop(3))
    assert shop.run("restart", *names, "--cluster", STAGE, "--parallel", "4") == ExitCode.FAILED
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "7 of 10 succeeded; 3 did not:"
    assert [line.split(":")[0].strip() for line in out[1:]] == ["job2", "job5", "job7"]
    assert len(shop.made("UpdateService")) == 10


def test_never_more_go_on_at_a_time_than_was_said(shop: Shop):
    shop.run("restart", "api", "worker", "--parallel", "1")
    order = [call for call in shop.fake.calls if call.operation == "UpdateService"]
    assert order[1].at - order[0].at > 40


def test_a_dry_run_says_what_it_would_do_and_does_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]):
    assert shop.run("restart", "api", "prod", "--dry-run") == ExitCode.OK
    assert capsys.readouterr().out == "would restart api prod: api-prod in shop-prod-cluster, eu-west-1\n"
    assert shop.made("UpdateService") == []


def test_an_unknown_service_is_told_with_the_nearest_name(shop: Shop):
    with pytest.raises(NotFoundError, match=r"unknown service `apo` in stage; did you mean `api`\?"):
        shop.run("restart", "apo")


def test_an_unknown_service_of_a_cluster_is_told_with_the_nearest_name(shop: Shop):
    assert shop.code("restart", "api-stag", "--cluster", STAGE) == ExitCode.NOT_FOUND


def test_a_service_that_is_in_the_catalogue_and_not_deployed_is_not_found(
    shop: Shop, capsys: pytest.CaptureFixture[str]
):
    assert shop.run("restart", "api", "--cluster", PROD, "--yes") == ExitCode.NOT_FOUND
    assert "no service `api-stage` in cluster shop-prod-cluster" in capsys.readouterr().out


def test_a_cluster_that_is_named_like_production_asks_as_well(shop: Shop):
    assert shop.code("restart", "api-prod", "--cluster", PROD) == ExitCode.DECLINED


def test_a_scheduled_task_is_none_to_restart(shop: Shop):
    with pytest.raises(NotFoundError, match="`nightly` is a scheduled task"):
        shop.run("restart", "nightly")


def test_a_missing_permission_is_named(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.aws.deny("ecs:UpdateService")
    assert shop.run("restart", "api") == ExitCode.ACCESS_DENIED
    assert "the credentials lack ecs:UpdateService on arn:aws:ecs:eu-west-1:111122223333" in capsys.readouterr().out


def test_a_permission_that_is_missing_at_once_ends_the_command(shop: Shop):
    shop.fake.aws.deny("ecs:DescribeServices")
    assert shop.code("restart", "api") == ExitCode.ACCESS_DENIED
    assert AccessDeniedError.exit_code == ExitCode.ACCESS_DENIED


def test_an_unknown_cluster_is_told_with_region_and_account(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("restart", "api", "--cluster", "shop-test")
    assert "no cluster `shop-test` in eu-west-1, account 111122223333" in capsys.readouterr().out


def test_the_json_of_a_restart_has_its_outcome_and_its_deployment(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("restart", "api", "--output", "json")
    answer = json.loads(capsys.readouterr().out)
    (service,) = answer["services"]
    assert (answer["verb"], answer["ok"]) == ("restart", True)
    assert (service["service"], service["environment"], service["outcome"]) == ("api", "stage", "succeeded")
    assert service["deployment"].startswith("arn:aws:ecs:eu-west-1:111122223333:service-deployment/")
    assert service["task_definition"] == "api-stage:1"

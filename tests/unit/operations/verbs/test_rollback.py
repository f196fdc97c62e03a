"""`roadworthy rollback`: stops what goes on, or goes back to what ran well."""

import json

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.errors import NotFoundError
from tests.unit.operations.operate import IMAGE, PROD, STAGE, Shop


def test_a_deployment_in_progress_is_stopped_and_that_is_a_success(shop: Shop, capsys: pytest.CaptureFixture[str]):
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.fake.clock.sleep(5)
    assert shop.run("rollback", "api") == ExitCode.OK
    assert [stop["stopType"] for stop in shop.made("StopServiceDeployment")] == ["ROLLBACK"]
    assert "✓ api stage: rolled back" in capsys.readouterr().out


def test_a_finished_deployment_is_followed_by_one_of_the_revision_before(shop: Shop):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    assert shop.run("rollback", "api") == ExitCode.OK
    assert shop.made("UpdateService")[-1]["taskDefinition"].endswith("api-stage:1")


def test_restarts_in_between_are_not_gone_back_to(shop: Shop):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    shop.run("restart", "api")
    shop.run("rollback", "api")
    assert shop.made("UpdateService")[-1]["taskDefinition"].endswith("api-stage:1")


def test_without_anything_before_it_says_so(shop: Shop):
    with pytest.raises(NotFoundError, match="no other task definition was deployed with success"):
        shop.run("rollback", "api")


def test_prod_asks(shop: Shop):
    shop.run("deploy", "api", "prod", "--image", "9d8e7f6", "--no-checks", "--yes")
    assert shop.code("rollback", "api", "prod") == ExitCode.DECLINED


def test_a_dry_run_says_where_it_would_go(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    capsys.readouterr()
    shop.run("rollback", "api", "--dry-run")
    assert capsys.readouterr().out == "would deploy api-stage:1 to api stage in place of api-stage:2\n"


def test_its_record_names_what_was_rolled_back(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks", "--output", "json")
    deployed = json.loads(capsys.readouterr().out)["services"][0]["deployment"]
    shop.run("rollback", "api", "--output", "json")
    record = json.loads(capsys.readouterr().out)["record"]
    shop.run("show", record, "--output", "json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["type"], shown["rollback_of"], shown["status"]) == ("rollback", deployed, "success")


def test_a_revision_that_was_deregistered_is_registered_anew(shop: Shop):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    shop.fake.session().client("ecs").deregister_task_definition(taskDefinition="api-stage:1")
    assert shop.run("rollback", "api") == ExitCode.OK
    assert shop.made("RegisterTaskDefinition")[-1]["containerDefinitions"][0]["image"] == IMAGE
    assert shop.made("UpdateService")[-1]["taskDefinition"].endswith("api-stage:3")


def test_a_deployment_that_somebody_starts_during_the_question_is_not_overtaken(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    shop.run("deploy", "api", "prod", "--image", "9d8e7f6", "--no-checks", "--yes")
    ecs = shop.fake.session().client("ecs")

    def answer(question: str) -> str:
        ecs.update_service(cluster=PROD, service="api-prod", forceNewDeployment=True)
        return "api"

    shop.terminal.answers.append("api")
    monkeypatch.setattr(shop.terminal, "ask", answer)
    assert shop.run("rollback", "api", "prod") == ExitCode.BUSY


def test_it_goes_back_also_where_task_definitions_may_not_be_read(shop: Shop):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    shop.fake.aws.deny("ecs:DescribeTaskDefinition")
    assert shop.run("rollback", "api") == ExitCode.OK

"""A service that is being deployed takes no second deployment, unless one waits or cancels."""

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.testing import faults
from tests.unit.operations.operate import STAGE, Shop


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """The shop while somebody deploys its api."""
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.fake.clock.sleep(5)
    return shop


def test_a_deployment_in_progress_is_refused_and_named(busy: Shop, capsys: pytest.CaptureFixture[str]):
    assert busy.run("restart", "api") == ExitCode.BUSY
    assert "a deployment is in progress since 00:00 UTC" in capsys.readouterr().out
    assert len(busy.made("UpdateService")) == 1


def test_its_end_can_be_waited_for(busy: Shop):
    assert busy.run("restart", "api", "--if-busy", "wait") == ExitCode.OK
    assert len(busy.made("UpdateService")) == 2


def test_waiting_has_an_end(shop: Shop):
    shop.fake.script("api-stage", faults.never_starts())
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    assert shop.run("restart", "api", "--if-busy", "wait", "--timeout", "2m") == ExitCode.BUSY


def test_it_can_be_cancelled(busy: Shop):
    assert busy.run("restart", "api", "--if-busy", "cancel") == ExitCode.OK
    assert len(busy.made("StopServiceDeployment")) == 1
    assert len(busy.made("UpdateService")) == 2


def test_five_active_deployments_are_refused_before_ecs_does(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.five_active_deployments())
    assert shop.run("restart", "api") == ExitCode.BUSY
    assert "in progress" in capsys.readouterr().out
    assert shop.made("UpdateService") == []


def test_one_that_is_waited_for_holds_up_no_other(shop: Shop):
    shop.fake.script("api-stage", faults.never_starts())
    shop.fake.script("worker-stage", faults.crash_loop())
    began = shop.fake.clock.now()
    shop.fake.session().client("ecs").update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    both = ("restart", "api", "worker", "--parallel", "2")
    shop.run(*both, "--if-busy", "wait", "--timeout", "5m", "--fail-fast", "1")
    stopped = [call.at - began for call in shop.fake.calls if call.operation == "StopServiceDeployment"]
    assert [round(at / 60) for at in stopped] == [0]


def test_what_is_being_rolled_back_already_is_not_cancelled_again(shop: Shop, capsys: pytest.CaptureFixture[str]):
    ecs = shop.fake.session().client("ecs")
    answer = ecs.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    ecs.stop_service_deployment(serviceDeploymentArn=answer["service"]["currentServiceDeployment"])
    shop.run("restart", "api", "--if-busy", "cancel")
    assert len(shop.made("StopServiceDeployment")) == 1
    assert "waiting for its end" in capsys.readouterr().err


def test_what_was_deployed_while_waiting_is_kept_but_for_the_image(shop: Shop):
    ecs = shop.fake.session().client("ecs")
    given = ecs.describe_task_definition(taskDefinition="api-stage:1")["taskDefinition"]
    container = {**given["containerDefinitions"][0], "environment": [{"name": "NEW", "value": "1"}]}
    ecs.register_task_definition(family="api-stage", containerDefinitions=[container])
    update = {"cluster": STAGE, "service": "api-stage", "taskDefinition": "api-stage:2"}
    shop.fake.clock.after(1, lambda: ecs.update_service(**update))
    ecs.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks", "--if-busy", "wait")
    assert shop.made("RegisterTaskDefinition")[-1]["containerDefinitions"][0]["environment"] == container["environment"]

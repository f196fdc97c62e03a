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

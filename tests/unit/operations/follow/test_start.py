"""The deployment that we started is the one that is followed, whatever ECS's pointers say."""

import json

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.aws import Aws
from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.errors import UnreachableError
from roadworthy.operations.follow.by_rollout import by_rollout
from roadworthy.operations.follow.start import Started, start
from roadworthy.operations.place import Target
from roadworthy.testing import faults
from tests.unit.operations.operate import STAGE, Shop


def api(shop: Shop) -> Target:
    cluster = Cluster(Aws(shop.fake.session(), "eu-west-1"), STAGE)
    return Target(cluster, "api-stage", "api", "stage", guarded=False, entry=None)


def newest(shop: Shop) -> str:
    ecs = shop.fake.session().client("ecs")
    listed = ecs.list_service_deployments(cluster=STAGE, service="api-stage")["serviceDeployments"]
    return listed[0]["serviceDeploymentArn"]


def test_a_pointer_that_lags_behind_is_not_followed(shop: Shop):
    shop.fake.script("api-stage", faults.stale_pointer(20))
    target = api(shop)
    before = {each.arn for each in target.cluster.deployments_of("api-stage")}
    started = start(target, before, shop.fake.clock, forceNewDeployment=True)
    assert started.deployment == newest(shop)
    assert started.deployment not in before


def test_of_two_deployments_at_once_ours_is_the_one_of_our_rollout(shop: Shop):
    target = api(shop)
    other = shop.fake.session().client("ecs")
    answer = other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.fake.clock.sleep(2)
    started = start(target, [], shop.fake.clock, forceNewDeployment=True)
    assert started.deployment == newest(shop)
    assert started.rollout != answer["service"]["deployments"][0]["id"]


def test_where_ecs_lists_no_deployments_the_rollout_is_followed(shop: Shop):
    shop.fake.backend.register("ecs", "ListServiceDeployments", lambda asked: {"serviceDeployments": []})
    shop.fake.script("api-stage", faults.stale_pointer(3600))
    target, clock = api(shop), CountingClock(shop.fake.clock)
    known = {target.cluster.service("api-stage").current_deployment or ""}
    assert start(target, known, clock, forceNewDeployment=True).deployment is None
    assert clock.slept == 10


class CountingClock:
    def __init__(self, clock: Clock) -> None:
        self._clock, self.slept = clock, 0.0

    def now(self) -> float:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self._clock.sleep(seconds)


def rollout(id: str, status: str, state: str) -> dict[str, object]:
    return {"id": id, "status": status, "rolloutState": state, "taskDefinition": "web:1"}


def status_of(*rollouts: dict[str, object], failed: bool = False) -> str:
    """The status that the rollouts of a service stand for, of the one with the id `ours`."""
    service = Service.parse({"deployments": list(rollouts)})
    started = Started(None, None, "ours", "web:2", 0.0)  # type: ignore[arg-type]
    return by_rollout(started, service, failed=failed).status


def test_a_rollout_stands_for_its_deployment():
    ours, other = rollout("ours", "PRIMARY", "IN_PROGRESS"), rollout("other", "PRIMARY", "COMPLETED")
    assert status_of(ours) == "IN_PROGRESS"
    assert status_of({**ours, "rolloutState": "COMPLETED"}) == "SUCCESSFUL"
    assert status_of(other) == "STOPPED"


def test_a_rollout_that_failed_is_rolled_back_when_the_other_has_completed():
    failed = rollout("ours", "ACTIVE", "FAILED")
    assert status_of(failed, rollout("old", "PRIMARY", "IN_PROGRESS")) == "ROLLBACK_IN_PROGRESS"
    assert status_of(rollout("old", "PRIMARY", "COMPLETED"), failed=True) == "ROLLBACK_SUCCESSFUL"


def test_a_pointer_to_a_deployment_that_ended_long_ago_is_not_followed(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.pull_error() & faults.stale_pointer(20))
    assert shop.run("restart", "api", "--output", "json") == ExitCode.FAILED
    assert json.loads(capsys.readouterr().out)["services"][0]["deployment"] == newest(shop)


class FastClock:
    """A machine's clock that is three minutes fast."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.sleep = clock, clock.sleep

    def now(self) -> float:
        return self._clock.now() + 180


def test_the_machines_clock_may_be_minutes_off(shop: Shop):
    shop.fake.script("api-stage", faults.stale_pointer(20))
    target = api(shop)
    known = {target.cluster.service("api-stage").current_deployment or ""}
    started = start(target, known, FastClock(shop.fake.clock), forceNewDeployment=True)
    assert started.deployment == newest(shop)
    assert started.at < shop.fake.clock.now() + 1


def test_a_deployment_that_was_accepted_is_followed_though_it_cannot_be_listed(shop: Shop):
    shop.fake.script("api-stage", faults.stale_pointer(3600))
    target = api(shop)
    known = {target.cluster.service("api-stage").current_deployment or ""}
    shop.fake.aws.deny("ecs:ListServiceDeployments")
    assert start(target, known, shop.fake.clock, forceNewDeployment=True).rollout


def test_where_no_answer_comes_nobody_knows_whether_it_started(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    shop.fake.aws.reset_connections(count=100)
    with pytest.raises(UnreachableError, match=r"nobody knows whether ECS took .*: look with `roadworthy status api"):
        start(api(shop), (), shop.fake.clock, forceNewDeployment=True)

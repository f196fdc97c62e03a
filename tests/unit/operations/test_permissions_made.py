"""The table of permissions is what the verbs really ask of AWS: no action is missing, and none is there for nothing."""

from collections.abc import Callable

import pytest

from roadworthy.operations.permissions import VERBS
from roadworthy.testing import faults
from tests.unit.operations.operate import IMAGE, STAGE, Shop

# sts:GetCallerIdentity needs no permission.
FREE = {"sts:GetCallerIdentity"}
# No call of their own: RegisterTaskDefinition needs the first two for the roles and the tags that it names. The third
# is asked for images without an index, whose URL would lead out of this process: tests/unit/online shows it.
IMPLIED = {"iam:PassRole", "ecs:TagResource", "ecr:GetDownloadUrlForLayer"}


def started(shop: Shop) -> None:
    """Somebody else deploys api, whose tasks crash."""
    shop.fake.script("api-stage", faults.crash_loop(1, ["no database"]))
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.fake.clock.sleep(40)
    shop.fake.backend.calls.clear()


def crashing(shop: Shop, *command: str) -> None:
    shop.fake.script("api-stage", faults.crash_loop(1, ["no database"]))
    shop.code(*command)


def deployed(shop: Shop, *command: str) -> None:
    shop.code("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    shop.fake.backend.calls.clear()
    shop.code(*command)


def needs_everything(shop: Shop, *command: str) -> None:
    """A service with secrets, a parameter and an alarm, whose image is in a repository that is not there."""
    secret = shop.fake.neighbours.secretsmanager.add("db")
    shop.fake.set_alarm("api-5xx", "OK")
    shop.fake.add_service(
        STAGE,
        "rich",
        image=IMAGE.replace("/api", "/elsewhere"),
        alarms=["api-5xx"],
        container={
            "secrets": [{"name": "A", "valueFrom": secret}, {"name": "B", "valueFrom": "/rich/parameter"}],
        },
    )
    shop.fake.backend.calls.clear()
    shop.code(*command, "--cluster", STAGE)


def deregistered(shop: Shop) -> None:
    """The revision to go back to is one that CloudFormation has deregistered; ECS then takes no new deployment."""
    shop.code("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    shop.fake.session().client("ecs").deregister_task_definition(taskDefinition="api-stage:1")
    shop.fake.aws.deny("ecs:UpdateService")
    shop.fake.backend.calls.clear()
    shop.code("rollback", "api")


def stopped_task(shop: Shop) -> None:
    task = shop.fake.session().client("ecs").list_tasks(cluster=STAGE, serviceName="api-stage")["taskArns"][0]
    shop.fake.backend.calls.clear()
    shop.code("stop-task", "api", task, "--reason", "x")


def unhealthy_task(shop: Shop) -> None:
    shop.code("stop-task", "api", "--unhealthy", "--reason", "x")


def paused(shop: Shop) -> None:
    shop.fake.add_service(STAGE, "gateway", image=IMAGE, strategy="BLUE_GREEN")
    shop.fake.script("gateway", faults.paused_hook("PRE_SCALE_UP"))
    start = ("rollout", "start", "gateway", "--image", "9d8e7f6", "--cluster", STAGE)
    shop.code(*start, "--no-checks")
    shop.code("rollout", "continue", "gateway", "--cluster", STAGE)


def denied_update(shop: Shop, *command: str) -> None:
    shop.fake.aws.deny("ecs:UpdateService")
    shop.code(*command)


Scenario = Callable[[Shop], None]
DEPLOY = ("deploy", "api", "--image", "9d8e7f6")
RUNS: dict[str, list[Scenario]] = {
    "list": [lambda shop: shop.code("list")],
    "status": [lambda shop: (started(shop), shop.code("status", "api"))],
    "watch": [lambda shop: (started(shop), shop.code("watch", "api")), lambda shop: shop.code("watch", "api")],
    "logs": [lambda shop: shop.code("logs", "api")],
    "events": [lambda shop: shop.code("events", "api")],
    "history": [lambda shop: deployed(shop, "history", "api")],
    "show": [lambda shop: shop.code("show", "20260101-000000-0a1b")],
    "diagnose": [
        lambda shop: (started(shop), shop.code("diagnose", "api")),
        lambda shop: needs_everything(shop, "diagnose", "rich"),
    ],
    "restart": [
        lambda shop: crashing(shop, "restart", "api", "--fail-fast", "1"),
        lambda shop: shop.code("restart", "api"),
    ],
    "deploy": [
        lambda shop: crashing(shop, *DEPLOY, "--fail-fast", "1"),
        lambda shop: shop.code(*DEPLOY),
        lambda shop: denied_update(shop, *DEPLOY),
        lambda shop: needs_everything(shop, "deploy", "rich", "--image", "9d8e7f6"),
    ],
    "rollback": [
        lambda shop: (started(shop), shop.code("rollback", "api")),
        lambda shop: deployed(shop, "rollback", "api"),
        deregistered,
    ],
    "rollout": [
        paused,
        lambda shop: crashing(shop, "rollout", "start", "api", "--image", "9d8e7f6", "--fail-fast", "1"),
        lambda shop: deployed(shop, "rollout", "rollback", "api"),
        lambda shop: denied_update(shop, "rollout", "start", "api", "--image", "9d8e7f6"),
        lambda shop: needs_everything(shop, "rollout", "start", "rich", "--image", "9d8e7f6"),
    ],
    "stop-task": [stopped_task, unhealthy_task],
}


def made(verb: str, fresh: Callable[[], Shop]) -> set[str]:
    """The IAM actions of all calls that a verb's scenarios made."""
    actions: set[str] = set()
    for scenario in RUNS[verb]:
        shop = fresh()
        shop.fake.add_image("api", "9d8e7f6")
        scenario(shop)
        actions |= {call.action for call in shop.fake.calls}
    return actions - FREE


def test_every_verb_of_the_table_is_run():
    assert set(RUNS) == set(VERBS) - {"build"}  # whose calls are docker's


@pytest.mark.parametrize("verb", list(RUNS))
def test_a_verb_asks_for_nothing_that_the_table_does_not_allow(verb: str, fresh: Callable[[], Shop]):
    assert made(verb, fresh) - {action for action, _ in VERBS[verb]} == set()


@pytest.mark.parametrize("verb", list(RUNS))
def test_the_table_allows_nothing_that_a_verb_never_asks_for(verb: str, fresh: Callable[[], Shop]):
    assert {action for action, _ in VERBS[verb]} - made(verb, fresh) - IMPLIED == set()

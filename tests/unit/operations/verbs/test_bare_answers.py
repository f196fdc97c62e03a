"""What AWS leaves out of an answer is unknown, and ends no verb."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.errors import OperationError
from tests.unit.operations.operate import Shop

READING = ("status", "watch", "events", "history", "logs")
ANSWERS: list[tuple[str, str, dict[str, Any]]] = [
    ("ecs", "DescribeTaskDefinition", {"taskDefinition": {}}),
    ("ecs", "DescribeTaskDefinition", {"taskDefinition": {"containerDefinitions": [{"name": "api"}]}}),
    ("ecs", "DescribeServiceRevisions", {"serviceRevisions": [{}], "failures": [{"reason": "MISSING"}]}),
    ("logs", "FilterLogEvents", {"events": [{"message": "x", "timestamp": 1}, {"eventId": "1"}]}),
    ("elbv2", "DescribeTargetHealth", {"TargetHealthDescriptions": [{}]}),
]


@pytest.mark.parametrize("verb", [*READING, "list", "rollback", "deploy"])
@pytest.mark.parametrize(("service", "operation", "answer"), ANSWERS)
def test_a_bare_answer_ends_no_verb(shop: Shop, verb: str, service: str, operation: str, answer: dict[str, Any]):
    shop.fake.backend.register(service, operation, lambda asked: answer)
    arguments = {"list": [], "deploy": ["api", "--image", "9d8e7f6", "--no-checks"]}.get(verb, ["api"])
    assert shop.code(verb, *arguments) in {ExitCode.OK, ExitCode.FAILED, ExitCode.NOT_FOUND, ExitCode.USAGE}


def answers(shop: Shop, **members: Any) -> None:
    """Let DescribeServices answer with these members."""
    real = shop.fake.backend._handlers["ecs", "DescribeServices"]

    def described(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        found = deepcopy(dict(real(asked)))
        for service in found["services"]:
            service.update(members)
        return found

    shop.fake.backend.register("ecs", "DescribeServices", described)


@pytest.mark.parametrize("verb", [*READING, "list"])
def test_an_event_without_a_time_is_passed_over(shop: Shop, verb: str):
    answers(shop, events=[{"message": "(service api) is odd"}])
    assert shop.code(verb, *([] if verb == "list" else ["api"])) == ExitCode.OK


@pytest.mark.parametrize("verb", [("rollback", "api"), ("deploy", "api", "--image", "9d8e7f6", "--dry-run")])
def test_what_ecs_does_not_deploy_is_refused_before_anything_is_done(shop: Shop, verb: tuple[str, ...]):
    answers(shop, deploymentController={"type": "CODE_DEPLOY"}, deployments=[])
    with pytest.raises(OperationError, match="CODE_DEPLOY deploys it, not ECS"):
        shop.run(*verb)

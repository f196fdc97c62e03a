"""One local AWS for the whole session, and templates deployed to it as CloudFormation does."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("ministack")

from roadworthy.local.session import LocalAws
from tests.local.templates import REGION

_names = itertools.count(1)


class StackFailedError(Exception):
    """CloudFormation did not make the stack; the message holds the resources' reasons."""


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with LocalAws.start(tmp_path_factory.mktemp("local-aws"), port=0, region=REGION) as started:
        yield started


class Stack:
    """A deployed template."""

    def __init__(self, aws: LocalAws, name: str) -> None:
        self._cloudformation = aws.client("cloudformation")
        self.name = name

    def create(self, resources: dict[str, Any], outputs: dict[str, Any]) -> "Stack":
        self._cloudformation.create_stack(**self._request(resources, outputs))
        return self._settled("CREATE_COMPLETE")

    def update(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> "Stack":
        self._cloudformation.update_stack(**self._request(resources, outputs or {}))
        return self._settled("UPDATE_COMPLETE")

    def delete(self) -> None:
        self._cloudformation.delete_stack(StackName=self.name)

    def __getitem__(self, output: str) -> str:
        described = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        return str(next(one["OutputValue"] for one in described["Outputs"] if one["OutputKey"] == output))

    def _request(self, resources: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
        template = {"Resources": resources, "Outputs": {name: {"Value": value} for name, value in outputs.items()}}
        return {"StackName": self.name, "TemplateBody": json.dumps(template), "Capabilities": ["CAPABILITY_NAMED_IAM"]}

    def _settled(self, wanted: str) -> "Stack":
        while True:
            status = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"]
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(0.05)
        if status != wanted:
            raise StackFailedError("; ".join(self._reasons()))
        return self

    def _reasons(self) -> list[str]:
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [event["ResourceStatusReason"] for event in events if event.get("ResourceStatusReason")]


Deploy = Callable[..., Stack]


def _deployer(aws: LocalAws) -> Iterator[Deploy]:
    """Deploy resources, with outputs by name; the stacks go with the fixture."""
    made: list[Stack] = []

    def create(resources: dict[str, Any], **outputs: Any) -> Stack:
        made.append(Stack(aws, f"test-{next(_names)}"))
        return made[-1].create(resources, outputs)

    yield create
    for stack in reversed(made):
        stack.delete()


deploy = pytest.fixture(_deployer)
deploy_once = pytest.fixture(_deployer, scope="module")

"""docs/patterns/blue-green.md: its code runs, its message is the real one, and it names every keyword."""

import os
import re
import socket
import types
from pathlib import Path

import aws_cdk as cdk
import pytest
from deployment_tick_guard.lease import Ticks

import roadworthy.patterns
from roadworthy.patterns import Deployment, HealthGate, InvalidDeploymentError
from roadworthy.patterns.blue_green.options import ShiftOptions
from tests.synth.blue_green import configuration, hooks, http
from tests.synth.patterns import new_stack, synthesized

pytestmark = pytest.mark.synth

PAGE = (Path(__file__).parents[2] / "docs" / "patterns" / "blue-green.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
DEPLOYMENT, WORKER = (text for kind, text in BLOCKS if kind == "python")
(MESSAGE,) = (text for kind, text in BLOCKS if not kind)


class Client:
    """A table whose pause is over, or not."""

    def __init__(self, *, is_paused):
        self.is_paused, self.written = is_paused, []
        self.exceptions = types.SimpleNamespace(ConditionalCheckFailedException=KeyError)

    def update_item(self, **given):
        if self.is_paused:
            raise KeyError
        self.written.append(given["UpdateExpression"].split()[0])


def work_of(client, monkeypatch):
    """How often the worker of the page works."""
    monkeypatch.setenv("TICK_LEASE_TABLE", "leases")
    monkeypatch.setenv("TICK_LEASE_KEY", "shop/api")
    done = []
    boto3 = types.SimpleNamespace(client=lambda _: client)
    exec(WORKER, {"Ticks": Ticks, "boto3": boto3, "os": os, "socket": socket, "work": lambda: done.append(1)})  # noqa: S102 - the page is ours
    return len(done)


def test_every_block_is_one_of_those_that_are_run_here():
    assert [kind for kind, _ in BLOCKS] == ["python", "mermaid", "", "python"]


def test_the_deployment_of_the_page_is_a_service_with_its_hooks():
    names = {"cdk": cdk, **vars(roadworthy.patterns)}
    exec(DEPLOYMENT, names)  # noqa: S102 - the page is ours
    stack = new_stack()
    http(stack, names["deployment"])
    template = synthesized(stack)
    assert set(hooks(template)) == {"Migration", "HealthGate", "TickGuard", "PAUSE"}
    assert configuration(template)["Alarms"]["AlarmNames"] == ["api-deployment-errors"]


def test_the_worker_of_the_page_works_under_a_lease_and_gives_it_back(monkeypatch):
    free, paused = Client(is_paused=False), Client(is_paused=True)
    assert work_of(free, monkeypatch) == 1
    assert free.written == ["SET", "REMOVE"]
    assert work_of(paused, monkeypatch) == 0


def test_the_message_of_the_page_is_the_real_one():
    deployment = Deployment.blue_green(health_gate=HealthGate(), bake=cdk.Duration.minutes(5))
    with pytest.raises(InvalidDeploymentError) as error:
        http(new_stack(), deployment)
    assert str(error.value) == " ".join(MESSAGE.split())


def test_the_page_names_every_keyword_of_a_deployment():
    table = PAGE.partition("| Keyword | Default |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == ShiftOptions.__annotations__.keys()

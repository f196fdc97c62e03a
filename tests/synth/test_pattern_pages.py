"""The Python of the pages on patterns runs as it stands, and synthesizes."""

import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from roadworthy import patterns
from tests.synth.patterns import findings, image, new_stack, options

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "patterns"


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (PAGES / page).read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def names():
    """What the pages take for granted."""
    shared = new_stack(id="Shared")
    stack = new_stack(shared.node.root, "Service")
    key = kms.Key(shared, "Key", enable_key_rotation=True)
    return {
        **{name: getattr(patterns, name) for name in patterns.__all__},
        "Duration": cdk.Duration,
        "Path": Path,
        "commit": "3f2a9c1d0b7e",
        "ecs": ecs,
        "encryption_key": key,
        "key": key,
        "logs": patterns.ServiceLogs(retention_days=30),
        "network": options(stack)["network"],
        "image": image(stack),
        "on_call_role": iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal()),
        "repository": ecr.Repository.from_repository_name(stack, "Orders", "orders"),
        "secretsmanager": secretsmanager,
        "shared": shared,
        "shared_secret": secretsmanager.Secret(shared, "Secret", encryption_key=key),
        "stack": stack,
    }


@pytest.mark.parametrize("block", blocks("values.md"))
def test_the_values_of_their_page_are_accepted(block, names, tmp_path, monkeypatch):
    (tmp_path / "containers" / "api").mkdir(parents=True)
    (tmp_path / "containers" / "api" / "Dockerfile").write_text("FROM scratch\n")
    monkeypatch.chdir(tmp_path)
    exec(block, names)  # noqa: S102 - a page of ours


def test_a_secret_of_another_stack_with_a_key_is_taken_as_the_page_says(names):
    (block,) = blocks("services.md")
    exec(block, names)  # noqa: S102 - a page of ours
    assert findings(names["stack"]) == set()


def test_the_page_on_monitoring_synthesizes(names, monkeypatch):
    monkeypatch.chdir(ROOT)
    (block,) = [each for each in blocks("monitoring.md") if "DeploymentNotifications" in each]
    rest = 'network=network, image=image, port=80, health_check=HealthCheck.http("/"),'
    exec(block.replace("...,", rest), names)  # noqa: S102 - a page of ours
    assert findings(names["stack"]) == set()

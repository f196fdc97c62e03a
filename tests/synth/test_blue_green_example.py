"""The whole example, and every way to deploy: what the other checkers say of them, which is nothing.

`SNAPSHOT=write .venv/bin/pytest tests/synth/test_blue_green_example.py` writes the snapshot anew.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

import roadworthy
from roadworthy.patterns import Approval, Before, Deployment, HealthCheck, HealthGate, Migration, TickGuard
from tests.synth.blue_green import http, tcp
from tests.synth.patterns import assembly, new_stack

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).with_name("snapshots") / "blue_green.json"
ANY = {"max_overlap": None}
WAYS = {
    "Bare": Deployment.blue_green(),
    "Full": Deployment.blue_green(
        migration=Migration.run_task(["migrate"]),
        health_gate=HealthGate(),
        tick=TickGuard.lease(),
        approval=Approval(),
        **ANY,
    ),
    "Protected": Deployment.canary(approval=Approval(before=Before.EACH_STEP), **ANY),
    "Linear": Deployment.linear(25, tick=TickGuard.task_protection(), **ANY),
    "Steps": Deployment.steps([10, 50, 100], **ANY),
    "Back": Deployment.blue_green(health_gate=HealthGate()).as_rolling(),
}


@pytest.fixture(scope="module")
def made():
    app = cdk.App()
    for id, deployment in WAYS.items():
        http(new_stack(app, id), deployment)
    network = Deployment.blue_green(health_gate=HealthGate(), deadline=None, **ANY)
    tcp(new_stack(app, "Network"), network, health_check=HealthCheck.http("/health"))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return assembly(app.node.find_child("Bare"))


def test_cdk_nag_finds_nothing(made):
    reports = json.loads((made / "validation-report.json").read_text())["pluginReports"]
    assert [violation["ruleName"] for report in reports for violation in report["violations"]] == []


def test_cfn_lint_says_nothing(made):
    templates = sorted(str(path) for path in made.glob("*.template.json"))
    assert len(templates) >= len(WAYS) + 1
    command = [Path(sys.executable).with_name("cfn-lint"), *templates]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_our_own_rules_find_nothing(made):
    assert roadworthy.check(made).findings == []


def test_the_examples_template_is_as_it_was_and_the_rules_find_nothing(tmp_path):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path), "CDK_VALIDATION": "false"}
    subprocess.run([sys.executable, "app.py"], cwd=ROOT / "examples" / "blue_green", env=environment, check=True)
    template = json.loads((tmp_path / "BlueGreen.template.json").read_text())
    for resource in template["Resources"].values():
        resource.get("Properties", {}).get("Code", {}).pop("S3Key", None)  # it changes with each line of a function
        resource.get("Metadata", {}).pop("aws:asset:path", None)
    if os.environ.get("SNAPSHOT") == "write":
        SNAPSHOT.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")
    assert template == json.loads(SNAPSHOT.read_text())
    assert roadworthy.check(tmp_path).findings == []

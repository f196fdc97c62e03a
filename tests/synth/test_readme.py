"""README.md's first example, as it stands there: short, and nothing to say against it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
EXAMPLE = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[0]
# What runs the example adds cdk-nag where `synth` adds Roadworthy's rules, and nothing else.
RUNNER = """
import sys
from roadworthy.start import start_quickly
start_quickly()
import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from roadworthy import plugin
add_rules = plugin.add_rules
plugin.add_rules = lambda app: (add_rules(app), cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app)))
exec(compile(sys.argv[1], "README.md", "exec"))
"""


def run(example: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    command = [sys.executable, "-c", RUNNER, example]
    environment["CDK_OUTDIR"] = str(folder / "out")
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    done = run(EXAMPLE, folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder / "out"


@pytest.fixture(scope="module")
def metadata(out):
    return json.loads((out / "Shop.metadata.json").read_text())


def test_it_has_at_most_twelve_lines_that_an_editor_shows_whole():
    lines = [line for line in EXAMPLE.splitlines() if line]
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 120


def test_cdk_and_roadworthy_and_cdk_nag_say_nothing(out, metadata):
    (report,) = json.loads((out / "validation-report.json").read_text())["pluginReports"]
    assert (report["pluginName"], report["conclusion"], report["violations"]) == (
        "CloudFormation Validate",  # CDK's own, which mentions what CDK itself accepts
        "success",
        [],
    )
    assert not {"aws:cdk:warning", "aws:cdk:error"} & {each["type"] for entry in metadata.values() for each in entry}


def test_every_waiver_has_a_reason(metadata):
    entries = [each for entry in metadata.values() for each in entry if each["type"] == "aws:cdk:acknowledged-rules"]
    reasons = {rule: reason for entry in entries for rule, reason in entry["data"].items()}
    assert "Annotation::AwsSolutions-IAM5[Resource::*]" in reasons
    assert [rule for rule, reason in reasons.items() if len(reason.split()) < 4] == []


def test_cfn_lint_says_nothing(out):
    command = [Path(sys.executable).with_name("cfn-lint"), str(out / "Shop.template.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_makes_a_service_that_rolls_back_behind_a_load_balancer(out):
    resources = json.loads((out / "Shop.template.json").read_text())["Resources"].values()
    (service,) = [each["Properties"] for each in resources if each["Type"] == "AWS::ECS::Service"]
    assert service["DeploymentConfiguration"]["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert service["LoadBalancers"][0]["ContainerPort"] == 8000


def test_each_of_the_three_would_speak(tmp_path):
    mistakes = [
        'cdk.CfnResource(stack, "Queue", type="AWS::SQS::Queue", properties={"Nmae": "q"})',
        'stack.node.find_child("Api").target_group.configure_health_check(path="/")',
        'stack.node.find_child("Api").container.add_environment("A", "B")',
    ]
    done = run(EXAMPLE.replace("raise SystemExit", "\n".join([*mistakes, "raise SystemExit"])), tmp_path)
    assert done.returncode == 1
    said = re.findall(r"Acknowledge with '.*?::([\w-]+)'", done.stderr)
    assert {"F3002", "health-check-path-mismatch", "AwsSolutions-ECS2"} <= set(said)

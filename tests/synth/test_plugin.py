"""The rules inside CDK: a broken stack is refused with a report that people can read, and without a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from roadworthy import check
from roadworthy.config import Settings
from roadworthy.report import baseline

pytestmark = pytest.mark.synth

# The rules that the mistakes below are about; this small app would not please all others.
RULES = ["env-secret-collision", "health-check-path-mismatch", "latest-image-tag"]
CHECKED = Settings(select=RULES)

APP = """
import os, sys
from roadworthy.node import use_pinned_node
use_pinned_node()
import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_secretsmanager as sm
from roadworthy.plugin import synth

broken = os.environ["BROKEN"]

class Service(cdk.Stack):
    def __init__(self, scope, name):
        super().__init__(scope, name)
        vpc = ec2.Vpc(self, "Vpc", nat_gateways=0)
        cluster = ecs.Cluster(self, "Cluster", vpc=vpc)
        task = ecs.FargateTaskDefinition(self, "Task")
        task.add_container(
            "api",
            image=ecs.ContainerImage.from_registry("api" if "tag" in broken else "api:82f44fb"),
            environment={"TOKEN" if "secret" in broken else "HOST": "x"},
            secrets={"TOKEN": ecs.Secret.from_secrets_manager(sm.Secret(self, "Token"))},
            port_mappings=[ecs.PortMapping(container_port=8000)],
            health_check=ecs.HealthCheck(command=["CMD-SHELL", "curl -f http://localhost:8000/health || exit 1"]),
        )
        service = ecs.FargateService(self, "Service", cluster=cluster, task_definition=task)
        balancer = elbv2.ApplicationLoadBalancer(self, "Balancer", vpc=vpc)
        listener = balancer.add_listener("Listener", port=80)
        path = "/status" if "path" in broken else "/health"
        listener.add_targets("Api", port=80, targets=[service], health_check=elbv2.HealthCheck(path=path))
        if "nested" in broken:
            nested = ecs.FargateTaskDefinition(cdk.NestedStack(self, "Nested"), "Task")
            nested.add_container("side", image=ecs.ContainerImage.from_registry("redis"))
        if "waived" in broken:
            cdk.Validations.of(task).acknowledge(cdk.Acknowledgment(id="roadworthy::latest-image-tag", reason="a demo"))

app = cdk.App(outdir=sys.argv[1])
Service(cdk.Stage(app, "Prod") if "stage" in broken else app, "Shop")
sys.exit(synth(app))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the app with some mistakes, in a folder; -> (exit code, standard error, assembly folder)."""
    app = tmp_path_factory.mktemp("app") / "shop.py"
    app.write_text(APP)
    (app.parent / "roadworthy.toml").write_text(f"select = {RULES}\n")

    def start(broken, folder=None, outdir=None, **environment):
        outdir = outdir or tmp_path_factory.mktemp("out")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NODE_ENV"))}
        done = subprocess.run(
            [sys.executable, str(app), str(outdir)],
            cwd=folder or app.parent,
            env={**clean, "CDK_VALIDATION": "false", "BROKEN": broken, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr, Path(outdir)

    return start


def test_a_good_stack_is_written_and_nothing_is_said_by_our_rules(run):
    code, errors, outdir = run("")
    assert code == 0
    assert "roadworthy" not in errors
    assert (outdir / "Shop.template.json").exists()


def test_every_mistake_is_reported_with_values_construct_path_fix_and_waiver_id(run):
    code, errors, _ = run("secret path tag nested")
    assert code == 1
    for expected in (
        "ERROR container `api` defines `TOKEN` in both environment and secrets (roadworthy)",
        "Suggested fix: Remove `TOKEN` from environment",
        "Acknowledge with 'roadworthy::env-secret-collision'",
        "checks `/health` on port 8000, its target group `Shop/Balancer/Listener/ApiGroup` checks `/status`",
        "ERROR container `api` uses image `api` with no tag, which means `latest` (roadworthy)",
        "Shop/Task/Resource (Task",
        "Shop/Nested/Task/Resource (Task",
    ):
        assert expected in errors


@pytest.mark.parametrize("mode", ["unknown", "inmemory", "process"])
def test_a_refusal_is_exit_code_1_without_a_traceback_in_every_mode_of_cdk(run, mode):
    code, errors, _ = run("secret", CDK_APP_MODE=mode)
    assert code == 1
    assert "ERROR container `api` defines `TOKEN`" in errors
    assert not any(mark in errors for mark in ("Traceback", "JSIIError", "RuntimeError", "    at ", "node:internal"))


def test_an_acknowledged_finding_is_recorded_with_its_reason(run):
    code, _, outdir = run("tag waived")
    assert code == 0
    report = json.loads((outdir / "validation-report.json").read_text())
    (suppressed,) = next(r for r in report["pluginReports"] if r["pluginName"] == "roadworthy")["suppressedViolations"]
    assert (suppressed["ruleName"], suppressed["reason"]) == ("latest-image-tag", "a demo")


def test_the_command_line_honours_the_acknowledgement_in_the_assembly(run):
    report = check(run("tag waived stage nested")[2], settings=CHECKED)
    assert [(waived.finding.path, waived.reason) for waived in report.waived] == [("Prod/Shop/Task/Resource", "a demo")]
    assert [finding.path for finding in report.findings] == ["Prod/Shop/Nested/Task/Resource"]


def test_under_the_cdk_cli_the_report_is_left_to_it(run):
    context = json.dumps({"@aws-cdk/core:failSynthOnValidationErrors": False})
    code, errors, outdir = run("secret", CDK_CONTEXT_JSON=context)
    assert (code, "ERROR" in errors) == (0, False)
    assert json.loads((outdir / "validation-report.json").read_text())["pluginReports"][0]["conclusion"] == "failure"


def line_of(text):
    return 1 + next(index for index, line in enumerate(APP.splitlines()) if text in line)


def test_the_line_of_the_app_is_shown_where_cdk_records_it(run):
    code, errors, outdir = run("tag nested", JSII_HOST_STACK_TRACES="1")
    lines = [line_of("ecs.FargateTaskDefinition(self"), line_of("ecs.FargateTaskDefinition(cdk.NestedStack")]
    assert code == 1
    assert all(f"   Made at shop.py:{line}\n" in errors for line in lines)
    findings = check(outdir, settings=CHECKED).findings
    assert sorted(os.path.basename(finding.created_at) for finding in findings) == [f"shop.py:{line}" for line in lines]


def test_without_such_lines_a_refusal_says_how_to_get_them(run):
    _, errors, outdir = run("tag", JSII_HOST_STACK_TRACES="0")
    assert errors.endswith("JSII_HOST_STACK_TRACES=1 shows the line of the app that made each resource\n")
    assert {finding.created_at for finding in check(outdir, settings=CHECKED).findings} == {None}


def test_the_projects_settings_hold_in_cdk_too(run, tmp_path):
    settings = [f"select = {RULES}", "ignore = ['latest-*']", "severity = {'env-*' = 'warning'}"]
    (tmp_path / "roadworthy.toml").write_text("\n".join(settings))
    code, errors, _ = run("tag secret", folder=tmp_path)
    assert code == 0
    assert "WARNING container `api` defines `TOKEN`" in errors
    assert "latest-image-tag" not in errors


def test_wrong_settings_are_one_line_and_exit_code_2(run, tmp_path):
    (tmp_path / "roadworthy.toml").write_text("baseline = 'absent.json'")
    code, errors, _ = run("", folder=tmp_path)
    assert code == 2
    assert errors.splitlines()[-1].startswith("roadworthy: absent.json: no such file or directory")
    assert "Traceback" not in errors


def test_a_baseline_of_the_assembly_lets_old_findings_pass_and_refuses_new_ones(run, tmp_path):
    outdir = run("tag", folder=tmp_path, outdir=tmp_path / "cdk.out")[2]
    (tmp_path / "roadworthy.toml").write_text(f"select = {RULES}\nbaseline = 'known.json'")
    (tmp_path / "known.json").write_text(baseline.render(check(outdir, settings=CHECKED), str(tmp_path / "known.json")))
    assert run("tag", folder=tmp_path, outdir=outdir)[0] == 0
    code, errors, _ = run("tag secret", folder=tmp_path, outdir=outdir)
    assert (code, errors.count("ERROR")) == (1, 1)
    assert "ERROR container `api` defines `TOKEN`" in errors

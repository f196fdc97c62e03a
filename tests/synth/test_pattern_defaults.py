"""What the other checkers say of each pattern as it comes: nothing that is not waived with a reason."""

import json
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from cdk_nag import AwsSolutionsChecks

from roadworthy.patterns import (
    HealthCheck,
    HttpService,
    ScheduledTask,
    SingletonService,
    TcpService,
    WorkerService,
)
from tests.synth.patterns import CERTIFICATE, ZONES, assembly, new_stack, options

pytestmark = pytest.mark.synth

HTTP = {"port": 8000, "health_check": HealthCheck.http("/health")}
DEFAULTS = {
    "Http": (HttpService, HTTP),
    "Worker": (WorkerService, {}),
    "Exec": (WorkerService, {"execute_command": True}),
    "Singleton": (SingletonService, {}),
    "Tcp": (TcpService, {"port": 6432}),
    "Scheduled": (ScheduledTask, {"schedule": "rate(1 hour)"}),
}


@pytest.fixture(scope="module")
def app():
    app = cdk.App()
    for id, (pattern, given) in DEFAULTS.items():
        stack = new_stack(app, id)
        pattern(stack, "Pattern", **options(stack, **given))
    add_public(new_stack(app, "Public"))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def add_public(stack):
    logs = {"All": ec2.FlowLogOptions()}
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=ZONES, nat_gateways=1, flow_logs=logs)
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    HttpService(stack, "Pattern", public=True, certificate=certificate, **HTTP, **options(stack, network=vpc))


@pytest.fixture(scope="module")
def made(app):
    return assembly(app.node.find_child("Http"))  # which fails where cdk-nag finds an error that is not waived


def test_cdk_and_cdk_nag_say_nothing(made):
    assert '"aws:cdk:warning"' not in "".join(path.read_text() for path in made.glob("*.metadata.json"))
    reports = json.loads((made / "validation-report.json").read_text())["pluginReports"]
    assert [violation["ruleName"] for report in reports for violation in report["violations"]] == []


def test_cdk_nag_would_speak():
    stack = new_stack()
    service = HttpService(stack, "Pattern", **HTTP, **options(stack))
    service.container.add_environment("PLAIN", "text")
    cdk.Validations.of(stack.node.root).add_plugins(AwsSolutionsChecks(stack.node.root))
    with pytest.raises(RuntimeError, match="AwsSolutions-ECS2"):
        assembly(stack)


def test_cfn_lint_says_nothing(made):
    templates = [str(path) for path in made.glob("*.template.json")]
    assert len(templates) == len(DEFAULTS) + 1
    command = [Path(sys.executable).with_name("cfn-lint"), *templates]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")

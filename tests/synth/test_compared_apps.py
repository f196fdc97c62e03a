"""The apps of `python -m benchmarks.patterns`: all make the same system."""

import importlib
import json

import aws_cdk as cdk
import pytest

from benchmarks.patterns.__main__ import APPS
from benchmarks.patterns.features import FEATURES, missing
from tests.synth.conftest import ROOT

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module", params=APPS.values())
def resources(request, tmp_path_factory):
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = cdk.App(context=flags, outdir=str(tmp_path_factory.mktemp("compared")))
    importlib.import_module(f"benchmarks.patterns.apps.{request.param}").build(app)
    return app.synth().get_stack_by_name("Orders").template["Resources"]


def test_each_app_has_every_feature(resources):
    assert missing(resources) == []


@pytest.mark.parametrize(
    ("kind", "properties", "lacking"),
    [
        ("AWS::ECS::TaskDefinition", {"Cpu": "512"}, "a task of 0.25 vCPU"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Scheme": "internet-facing"}, "an internal load balancer"),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", {"HealthCheckPath": "/"}, "`/health` checked"),
        ("AWS::ECS::Service", {"DeploymentConfiguration": {}}, "a circuit breaker"),
        ("AWS::CloudWatch::Alarm", {"AlarmActions": []}, "alarms on CPU"),
        ("AWS::ApplicationAutoScaling::ScalableTarget", {"MaxCapacity": 2}, "2 to 10 tasks"),
        ("AWS::ApiGateway::RestApi", {"Policy": {}, "Body": {}}, "a private REST API"),
        ("AWS::Lambda::Permission", {"Principal": "*"}, "a Lambda function"),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 7}, "logs kept"),
    ],
)
def test_an_app_that_makes_less_is_refused(resources, kind, properties, lacking):
    changed = {
        name: {**each, "Properties": {**each.get("Properties", {}), **properties}} if each["Type"] == kind else each
        for name, each in resources.items()
    }
    assert any(feature.startswith(lacking) for feature in missing(changed) if feature in FEATURES)

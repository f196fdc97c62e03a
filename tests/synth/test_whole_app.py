"""What holds for the whole app: no warning, no unwaived finding, settings per environment, a time budget."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import query_handler.settings
import query_result.dynamodb

from roadworthy.environments import Environment
from stacks.query_service import timeouts
from tests.synth import conftest
from tests.synth.template import text

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]


def report(assembly: Path) -> dict:
    return json.loads((assembly / "validation-report.json").read_text())


@pytest.mark.parametrize("environment", ["stage", "prod"])
def test_cdk_nag_finds_nothing_unwaived(assembly, environment):
    # synthesis itself fails on an error; a warning shows only in the report
    for plugin in report(assembly(env=environment))["pluginReports"]:
        assert plugin["violations"] == []


@pytest.mark.parametrize("environment", ["stage", "prod"])
def test_cfn_lint_finds_nothing_but_what_its_configuration_waives(assembly, environment):
    templates = [str(path) for path in assembly(env=environment).glob("*.template.json")]
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), *templates], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_cdk_annotates_no_warning(assembly):
    for metadata in assembly().glob("*.metadata.json"):
        assert "aws:cdk:warning" not in metadata.read_text()


def test_no_policy_allows_every_action(template):
    for policy in template.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Action"] != "*"
            assert not text(statement["Action"]).count(':*"')


def test_prod_protects_its_load_balancer_and_stage_does_not(synthesize):
    for environment, protected in (("stage", "false"), ("prod", "true")):
        (balancer,) = synthesize(env=environment).of_type("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
        attributes = {each["Key"]: each["Value"] for each in balancer["LoadBalancerAttributes"]}
        assert attributes.get("deletion_protection.enabled", "false") == protected


def test_the_first_deployment_of_prod_protects_nothing_that_a_rollback_must_delete(synthesize):
    first = synthesize(env="prod", first="true")
    (balancer,) = first.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    tables = [table for table in first.of_type("AWS::DynamoDB::Table").values() if "TableName" in table]
    assert {table["DeletionProtectionEnabled"] for table in tables} == {False}
    assert {"Key": "deletion_protection.enabled", "Value": "true"} not in balancer["LoadBalancerAttributes"]


def test_what_a_rollback_cannot_delete_is_retained_under_a_generated_name(template):
    for kind in ("AWS::S3::Bucket", "AWS::ApiGateway::Account"):
        (resource,) = [each for each in template.resources.values() if each["Type"] == kind]
        assert resource["DeletionPolicy"] == "Retain"
        assert not {"BucketName", "RoleName"} & resource["Properties"].keys()


def test_the_innermost_hop_fails_first():
    inside_out = [
        query_result.dynamodb.CALL_SECONDS,
        timeouts.QUERY_RESULT_FUNCTION.to_seconds(),
        timeouts.INTERNAL_INTEGRATION.to_seconds(),
        query_handler.settings.LONGEST_TIMEOUT,
        timeouts.HANDLER_REQUEST.to_seconds(),
        timeouts.QUERY_FUNCTION.to_seconds(),
        timeouts.PUBLIC_INTEGRATION.to_seconds(),
    ]
    assert inside_out == sorted(set(inside_out))
    assert inside_out[-1] <= 29  # API Gateway ends there


def test_the_time_budget_is_in_the_template(template):
    functions = {each["FunctionName"]: each for each in template.of_type("AWS::Lambda::Function").values()}
    assert (functions["query-service-query-result"]["Timeout"], functions["query-service-query"]["Timeout"]) == (12, 28)
    assert functions["query-service-query"]["Environment"]["Variables"]["HANDLER_TIMEOUT"] == "25"
    integrations = {
        each["Integration"]["TimeoutInMillis"] for each in template.of_type("AWS::ApiGateway::Method").values()
    }
    assert integrations == {29000}


def test_functions_run_on_the_runtime_that_they_are_bundled_for(template):
    functions = template.of_type("AWS::Lambda::Function").values()
    assert {(each["Runtime"], *each["Architectures"]) for each in functions} == {("python3.14", "x86_64")}


def test_live_tables_are_taken_over_instead_of_created(monkeypatch, tmp_path):
    settings = tmp_path / "services.toml"
    stream = "arn:aws:dynamodb:ap-southeast-1:111122223333:table/command-records/stream/2026-01-01T00:00:00.000"
    settings.write_text(
        '[environments.live]\nregion = "ap-southeast-1"\n'
        'availability_zones = ["ap-southeast-1a", "ap-southeast-1b"]\n'
        f'[environments.live.existing_tables]\ncommand_stream_arn = "{stream}"\n'
    )
    live = Environment.load("live", path=settings)
    monkeypatch.setattr(conftest.query_service_app.Environment, "load", lambda *_args, **_kwargs: live)
    template = json.loads((conftest._assembly('{"env": "live"}') / "QueryServiceStack.template.json").read_text())
    tables = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table"]
    (mapping,) = [r for r in template["Resources"].values() if r["Type"] == "AWS::Lambda::EventSourceMapping"]
    assert [table for table in tables if "TableName" in table] == []
    assert mapping["Properties"]["EventSourceArn"] == stream

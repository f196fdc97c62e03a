"""A service is deployed anew when a secret has a new value, where that was asked for."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from cdk_nag import AwsSolutionsChecks

import roadworthy
from roadworthy.patterns import InvalidRedeployError, WorkerService
from tests.synth.patterns import assembly, new_stack, options, synthesized
from tests.synth.template import reference, text

pytestmark = pytest.mark.synth


def worker(stack):
    return WorkerService(stack, "Service", **options(stack))


@pytest.fixture(scope="module")
def stack():
    stack = new_stack()
    service = worker(stack)
    own = secretsmanager.Secret(stack, "Own")
    service.redeploy_on_rotation(own, secretsmanager.Secret.from_secret_name_v2(stack, "Named", "shop/db"))
    name = {"parameter_name": "/shop/token"}
    service.redeploy_on_rotation(ssm.StringParameter.from_secure_string_parameter_attributes(stack, "Token", **name))
    service.redeploy_on_rotation(own)
    return stack


@pytest.fixture(scope="module")
def patterns(stack):
    rules = synthesized(stack).of_type("AWS::Events::Rule").values()
    return {text(rule["EventPattern"]): rule["EventPattern"] for rule in rules}.values()


def test_each_is_listened_to_once(patterns):
    sources = sorted(pattern["source"][0] for pattern in patterns)
    assert sources == ["aws.secretsmanager", "aws.secretsmanager", "aws.ssm"]


def test_a_secret_counts_when_its_new_value_is_the_current_one(stack, patterns):
    of_secrets = [pattern for pattern in patterns if pattern["detail-type"] == ["Secret Label Updated"]]
    (named,) = [pattern for pattern in of_secrets if "name" in pattern["detail"]]
    (own,) = [pattern for pattern in of_secrets if "resources" in pattern]
    assert named["detail"] == {"labelUpdated": ["AWSCURRENT"], "name": ["shop/db"]}
    assert own["detail"] == {"labelUpdated": ["AWSCURRENT"]}
    assert reference(own["resources"][0]) in synthesized(stack).of_type("AWS::SecretsManager::Secret")


def test_a_parameter_counts_when_it_is_written(patterns):
    (pattern,) = [pattern for pattern in patterns if pattern["detail-type"] == ["Parameter Store Change"]]
    assert pattern["detail"] == {"name": ["/shop/token"], "operation": ["Create", "Update"]}


def test_ecs_is_asked_for_a_new_deployment_of_this_service_and_may_do_no_more(stack):
    template = synthesized(stack)
    (service,) = template.of_type("AWS::ECS::Service")
    definition = template.only("AWS::StepFunctions::StateMachine")["DefinitionString"]
    (statement,) = template.statements("ServiceRedeployStateMachineRole")
    assert '\\"ForceNewDeployment\\":true' in text(definition)
    assert "aws-sdk:ecs:updateService" in text(definition)
    assert (statement["Action"], statement["Resource"]) == ("ecs:UpdateService", {"Ref": service})


def test_a_refusal_is_tried_again_and_what_could_not_be_started_is_kept(stack):
    template = synthesized(stack)
    definition = text(template.only("AWS::StepFunctions::StateMachine")["DefinitionString"])
    (queue,) = template.of_type("AWS::SQS::Queue")
    assert '\\"MaxAttempts\\":5' in definition
    for rule in template.of_type("AWS::Events::Rule").values():
        assert reference(rule["Targets"][0]["DeadLetterConfig"]["Arn"]) == queue


def test_our_own_rules_find_nothing_in_it(stack):
    assert roadworthy.check(assembly(stack)).findings == []


def test_cdk_nag_finds_nothing_in_it():
    stack = new_stack()
    secret = secretsmanager.Secret.from_secret_name_v2(stack, "Named", "shop/db")
    worker(stack).redeploy_on_rotation(secret)
    cdk.Validations.of(stack.node.root).add_plugins(AwsSolutionsChecks(stack.node.root))
    reports = json.loads((assembly(stack) / "validation-report.json").read_text())["pluginReports"]
    assert [violation["ruleName"] for report in reports for violation in report["violations"]] == []


@pytest.mark.parametrize(
    ("changing", "message"),
    [((), "give the secrets and parameters"), (("shop/db",), "'shop/db' is neither a secret nor a parameter")],
)
def test_what_has_no_value_that_could_change_is_refused(changing, message):
    with pytest.raises(InvalidRedeployError, match=message):
        worker(new_stack()).redeploy_on_rotation(*changing)


def test_a_name_may_be_a_token():
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    worker(stack).redeploy_on_rotation(secretsmanager.Secret.from_secret_name_v2(stack, "Named", name))
    pattern = synthesized(stack).only("AWS::Events::Rule")["EventPattern"]
    assert pattern["detail"]["name"] == [{"Ref": "Name"}]

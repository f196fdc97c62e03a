"""Contract: what a Lambda runs in, and custom resources."""

import json

import pytest

from tests.local.handlers import break_down, say, show
from tests.local.templates import att, function, network, ref, resource

pytestmark = pytest.mark.e2e


def custom(**properties):
    return {"Type": "Custom::Test", "Properties": {"ServiceToken": att("Function", "Arn"), **properties}}


@pytest.fixture
def invoke(aws, deploy):
    def call(handler, network=(), **options):
        stack = deploy({**dict(network), **function(handler, **options)}, name=ref("Function"))
        answer = aws.client("lambda").invoke(FunctionName=stack["name"])
        return json.loads(answer["Payload"].read())

    return call


def test_a_lambda_finds_boto3_and_nothing_else(invoke):
    assert invoke(show)["packages"] == ["boto3"]


def test_a_lambda_sees_its_role_and_region_and_not_the_machine(invoke, monkeypatch):
    seen = invoke(show, environment={"OWN": "value"})["environment"]
    assert (seen["OWN"], seen["AWS_REGION"], seen["AWS_ACCESS_KEY_ID"][:4]) == ("value", "ap-southeast-1", "ASIA")
    assert not {"GATEWAY_PORT", "STATE_DIR", "USER", "SHELL"} & seen.keys()


def test_an_api_address_leads_to_the_public_door_outside_a_vpc(aws, invoke):
    seen = invoke(show, environment={"URL": "https://abc123.execute-api.ap-southeast-1.amazonaws.com/v1"})[
        "environment"
    ]
    assert seen["URL"] == f"{aws.url}/_aws/execute-api/abc123/v1"


def test_an_api_address_leads_to_the_endpoint_in_its_vpc(aws, deploy):
    endpoint = resource(
        "EC2::VPCEndpoint", VpcId=ref("Vpc"), VpcEndpointType="Interface", PrivateDnsEnabled=True,
        ServiceName="com.amazonaws.ap-southeast-1.execute-api",
    )  # fmt: skip
    inside = function(
        show, environment={"URL": "https://abc123.execute-api.ap-southeast-1.amazonaws.com/v1", "E": ref("Endpoint")},
        VpcConfig={"SubnetIds": [ref("Subnet")], "SecurityGroupIds": [ref("Group")]},
    )  # fmt: skip
    stack = deploy({**network(), "Endpoint": endpoint, **inside}, name=ref("Function"))
    seen = json.loads(aws.client("lambda").invoke(FunctionName=stack["name"])["Payload"].read())["environment"]
    assert seen["URL"] == f"{aws.url}/_vpce/{seen['E']}/abc123/v1"


def test_a_custom_resource_answers_with_data(deploy):
    resources = {**function(say), "Custom": custom(Status="SUCCESS")}
    assert deploy(resources, told=att("Custom", "Told"))["told"] == "hello"


def test_a_custom_resource_that_answers_failed_fails_the_stack_with_its_reason(deploy):
    with pytest.raises(Exception, match="as asked"):
        deploy({**function(say), "Custom": custom(Status="FAILED")})


def test_a_custom_resource_whose_function_raises_fails_at_once(deploy):
    with pytest.raises(Exception, match="failed before it answered: no such thing"):
        deploy({**function(break_down), "Custom": custom()})

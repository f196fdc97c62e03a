"""Contract: REST APIs from OpenAPI, their validation, and the door of a private one."""

import pytest

from tests.local.handlers import echo
from tests.local.http_calls import call
from tests.local.templates import function, network, ref, resource

pytestmark = pytest.mark.e2e


PREFIX = "x-amazon-apigateway-"
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {"id": {"$ref": "#/components/schemas/Id"}, "limit": {"type": "integer", "minimum": 1}},
}
URI = {
    "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations",
}
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": '{"status": "ok"}'}}},
}


def document(**extra):
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Query"}}}}
    query = {"requestBody": body, f"{PREFIX}integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": URI}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Test", "version": "1"},
        f"{PREFIX}request-validators": {"body": {"validateRequestBody": True, "validateRequestParameters": False}},
        f"{PREFIX}request-validator": "body",
        "paths": {"/query": {"post": query}, "/health": {"get": {f"{PREFIX}integration": MOCK}}},
        "components": {"schemas": {"Query": SCHEMA, "Id": {"type": "string", "minLength": 1}}},
        **extra,
    }


def api(body, **properties):
    deployment = resource("ApiGateway::Deployment", RestApiId=ref("Api"))
    stage = resource("ApiGateway::Stage", RestApiId=ref("Api"), DeploymentId=ref("Deployment"), StageName="v1")
    return {
        **function(echo),
        "Api": resource("ApiGateway::RestApi", Name="test", Body=body, **properties),
        "Deployment": deployment,
        "Stage": stage,
    }


@pytest.fixture
def url(aws, deploy):
    stack = deploy(api(document()), id=ref("Api"))
    return f"{aws.url}/_aws/execute-api/{stack['id']}/v1"


def test_a_valid_body_reaches_the_integration(url):
    assert call(f"{url}/query", {"id": "a", "limit": 3}) == (200, {"echo": {"id": "a", "limit": 3}})


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": "a", "limit": 0}, {"id": "a", "other": 1}, b"{"])
def test_an_invalid_body_is_refused_by_the_gateway(url, body):
    assert call(f"{url}/query", body) == (400, {"message": "Invalid request body"})


def test_a_mock_integration_answers_its_template(url):
    assert call(f"{url}/health") == (200, {"status": "ok"})


def test_a_gateway_response_names_what_is_wrong(aws, deploy):
    template = '{"message": $context.error.messageString, "why": "$context.error.validationErrorString"}'
    response = resource(
        "ApiGateway::GatewayResponse",
        RestApiId=ref("Api"), ResponseType="BAD_REQUEST_BODY", ResponseTemplates={"application/json": template},
    )  # fmt: skip
    resources = {**api(document()), "Response": response}
    resources["Deployment"]["DependsOn"] = "Response"
    stack = deploy(resources, id=ref("Api"))
    status, answer = call(f"{aws.url}/_aws/execute-api/{stack['id']}/v1/query", {})
    assert (status, answer["why"]) == (400, '[object has missing required properties (["id"])]')


def test_a_changed_body_keeps_the_apis_id(aws, deploy):
    stack = deploy(api(document()), id=ref("Api"))
    before = stack["id"]
    stack.update(api(document(paths={"/alive": {"get": {f"{PREFIX}integration": MOCK}}})), {"id": ref("Api")})
    assert stack["id"] == before
    assert call(f"{aws.url}/_aws/execute-api/{before}/v1/alive") == (200, {"status": "ok"})


def only_from(endpoint):
    allow = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    deny = {**allow, "Effect": "Deny", "Condition": {"StringNotEquals": {"aws:SourceVpce": endpoint}}}
    return {"Version": "2012-10-17", "Statement": [allow, deny]}


@pytest.fixture
def private(deploy):
    """A private API with two endpoints, of which its policy lets one in."""
    endpoints = {
        name: resource(
            "EC2::VPCEndpoint", VpcId=ref("Vpc"), VpcEndpointType="Interface", ServiceName=f"com.amazonaws.{service}"
        )
        for name, service in {"Right": "x.execute-api", "Wrong": "x.execute-api", "Sqs": "x.sqs"}.items()
    }
    body = document(**{f"{PREFIX}policy": only_from(ref("Right"))})
    resources = {**network(), **endpoints, **api(body, EndpointConfiguration={"Types": ["PRIVATE"]})}
    return deploy(resources, api=ref("Api"), right=ref("Right"), wrong=ref("Wrong"), sqs=ref("Sqs"))


def test_a_private_api_answers_through_its_endpoint(aws, private):
    assert call(f"{aws.url}/_vpce/{private['right']}/{private['api']}/v1/health")[0] == 200


def test_a_private_api_refuses_every_other_way(aws, private):
    number = private["api"]
    ways = [
        f"/_aws/execute-api/{number}/v1/health",
        f"/restapis/{number}/v1/_user_request_/health",
        f"/_vpce/{private['wrong']}/{number}/v1/health",
        f"/_vpce/{private['sqs']}/{number}/v1/health",
        f"/_vpce/vpce-0/{number}/v1/health",
    ]
    assert [call(aws.url + way)[0] for way in ways] == [403] * len(ways)


def test_a_public_api_is_not_behind_an_endpoint(aws, url, private):
    number = url.split("/")[-2]
    assert call(f"{aws.url}/_vpce/{private['right']}/{number}/v1/health") == (403, {"message": "Forbidden"})

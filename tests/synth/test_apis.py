"""The public and the internal API: rows A5, A8 and A9 of the requirements."""

import json

import pytest

from tests.synth.template import Template, reference, text

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def document(template: Template) -> dict:
    return template.only("AWS::ApiGateway::RestApi", Name="Internal Query API")["Body"]


def test_the_internal_api_is_the_openapi_document_with_its_title_and_version(document):
    assert document["openapi"].startswith("3.0.")
    assert (document["info"]["title"], document["info"]["version"]) == ("Internal Query API", "1.0.0")


def test_it_has_the_three_queries_and_health_and_no_old_names(document):
    assert document["paths"].keys() == {"/query/user", "/query/marketing", "/query/fail", "/health"}


def test_each_operation_is_proxied_to_the_query_result_function(document):
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    for operation in operations:
        integration = operation["x-amazon-apigateway-integration"]
        assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
        assert '"QueryResult' in text(integration["uri"])


def test_it_is_private_and_bound_to_the_one_endpoint(template, document):
    api = template.only("AWS::ApiGateway::RestApi", Name="Internal Query API")
    endpoint = api["EndpointConfiguration"]["VpcEndpointIds"][0]
    (statement,) = document["x-amazon-apigateway-policy"]["Statement"]
    assert api["EndpointConfiguration"]["Types"] == ["PRIVATE"]
    assert "ExecuteApi" in reference(endpoint)
    assert statement["Condition"] == {"StringEquals": {"aws:SourceVpce": endpoint}}


def test_it_validates_requests(document):
    validator = document["x-amazon-apigateway-request-validator"]
    assert document["x-amazon-apigateway-request-validators"][validator]["validateRequestBody"] is True


def test_both_stages_are_v1_traced_and_throttled(template):
    stages = template.of_type("AWS::ApiGateway::Stage").values()
    assert [stage["StageName"] for stage in stages] == ["v1", "v1"]
    for stage in stages:
        (settings,) = stage["MethodSettings"]
        assert stage["TracingEnabled"] is True
        assert settings["ThrottlingRateLimit"] > 0
        assert settings.get("DataTraceEnabled") is False  # bodies hold users' data


def test_every_public_operation_asks_iam(template):
    methods = template.of_type("AWS::ApiGateway::Method").values()
    assert len(methods) == 4
    assert {method["AuthorizationType"] for method in methods} == {"AWS_IAM"}


def test_the_gateways_own_errors_have_the_shape_of_ours_and_an_id(template):
    responses = {each["ResponseType"]: each for each in template.of_type("AWS::ApiGateway::GatewayResponse").values()}
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "BAD_REQUEST_BODY"} <= responses.keys()
    for response in responses.values():
        assert response["ResponseParameters"] == {"gatewayresponse.header.x-correlation-id": "context.requestId"}
        body = response["ResponseTemplates"]["application/json"]
        assert json.loads(body.replace("$context.error.messageString", '"m"'))["correlation_id"] == "$context.requestId"


def test_functions_may_be_invoked_by_their_own_api_alone_and_the_notifier_by_its_rules(template):
    found = template.of_type("AWS::Lambda::Permission").values()
    of_rules = [each for each in found if each["Principal"] == "events.amazonaws.com"]
    of_apis = [each for each in found if each["Principal"] == "apigateway.amazonaws.com"]
    assert len(of_rules) + len(of_apis) == len(found)
    assert {reference(each["FunctionName"])[:21] for each in of_rules} == {"NotificationsNotifier"}
    assert all("Api" in text(each["SourceArn"]) for each in of_apis)


def test_access_logs_hold_no_body_and_no_query(template):
    for stage in template.of_type("AWS::ApiGateway::Stage").values():
        log_format = stage["AccessLogSetting"]["Format"]
        assert "requestId" in log_format
        assert "body" not in log_format.lower()

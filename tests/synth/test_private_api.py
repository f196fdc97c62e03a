"""Private APIs of documents of one's own: several functions, who may call, and what is refused."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from hypothesis import given
from hypothesis import strategies as st

import roadworthy
from roadworthy.patterns import InvalidApiError, InvalidTimeoutError, PrivateApi, PrivateNetwork, PublicApi, ServiceLogs
from roadworthy.patterns.openapi import operations
from tests.synth.patterns import ZONES, assembly, new_stack, synthesized
from tests.synth.template import reference, text

pytestmark = pytest.mark.synth

DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Orders (internal)", "version": "1.0.0"},
    "paths": {
        "/orders": {"get": {"operationId": "listOrders"}, "post": {"operationId": "placeOrder"}},
        "/orders/{id}": {"parameters": [], "get": {"operationId": "showOrder"}},
    },
}


def function(stack, id):
    code = lambda_.Code.from_inline("def handler(event, context): pass")
    return lambda_.Function(stack, id, code=code, handler="index.handler", runtime=lambda_.Runtime.PYTHON_3_14)


def api(stack, **more):
    network = PrivateNetwork(stack, "Network", availability_zones=ZONES)
    given = {
        "document": DOCUMENT,
        "function": function(stack, "Reader"),
        "endpoint": network.execute_api,
        "integration_timeout": cdk.Duration.seconds(10),
        "logs": ServiceLogs(retention_days=30),
    }
    return PrivateApi(stack, "Api", **{**given, **more})


@pytest.fixture(scope="module")
def stack():
    stack = new_stack()
    made = api(stack, functions={"placeOrder": function(stack, "Orders")}, requests_per_second=5, burst=9)
    made.grant_invoke(iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal()))
    return stack


def test_an_operation_may_have_a_function_of_its_own(stack):
    paths = synthesized(stack).only("AWS::ApiGateway::RestApi")["Body"]["paths"]
    uris = {
        operation["operationId"]: text(operation["x-amazon-apigateway-integration"]["uri"])
        for item in paths.values()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    assert {id for id, uri in uris.items() if '"Orders' in uri} == {"placeOrder"}
    assert {id for id, uri in uris.items() if '"Reader' in uri} == {"listOrders", "showOrder"}


def test_a_caller_may_invoke_each_operation_and_nothing_else(stack):
    (statement,) = synthesized(stack).statements("Caller")
    assert statement["Action"] == "execute-api:Invoke"
    ends = sorted(arn["Fn::Join"][1][-1] for arn in statement["Resource"])
    assert ends == ["/v1/GET/orders", "/v1/GET/orders/*", "/v1/POST/orders"]


def test_its_function_is_let_in_whatever_a_paths_parameter_is(stack):
    permissions = synthesized(stack).of_type("AWS::Lambda::Permission").values()
    ends = sorted((reference(each["FunctionName"])[:6], each["SourceArn"]["Fn::Join"][1][-1]) for each in permissions)
    assert ends == [
        ("Orders", "/v1/POST/orders"),
        ("Reader", "/v1/GET/orders"),
        ("Reader", "/v1/GET/orders/*"),
    ]


def test_a_title_of_any_letters_has_a_log_group_and_the_limits_are_those_that_were_given(stack):
    template = synthesized(stack)
    (settings,) = template.only("AWS::ApiGateway::Stage")["MethodSettings"]
    assert template.only("AWS::Logs::LogGroup", LogGroupName="/apigateway/orders-internal-")["RetentionInDays"] == 30
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (5, 9)


def test_our_own_rules_find_nothing_in_it(stack):
    assert roadworthy.check(assembly(stack)).findings == []


def test_the_document_is_not_changed(stack):
    assert "x-amazon-apigateway-integration" not in json.dumps(DOCUMENT)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"document": {"paths": {"/": {"get": {}}}}}, InvalidApiError, "the OpenAPI document has no title"),
        ({"document": {"info": {"title": "Empty"}, "paths": {}}}, InvalidApiError, "'Empty' has no operations"),
        ({"functions": {"place": None}}, InvalidApiError, "no operationId 'place', but listOrders, placeOrder, showO"),
        ({"integration_timeout": cdk.Duration.seconds(30)}, InvalidTimeoutError, "integration_timeout = 30 s is not"),
        ({"requests_per_second": 0}, InvalidApiError, "requests_per_second = 0 is less than 1"),
        ({"burst": "9"}, InvalidApiError, "burst = '9' is not a whole number"),
    ],
)
def test_a_bad_argument_is_refused_by_name_and_value(given, error, message):
    stack = new_stack()
    with pytest.raises(error, match=message):
        api(stack, **given)
    assert stack.node.try_find_child("Api") is None


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([], "API `orders` has no operations"),
        ([("FETCH", "/orders")], r"operation \('FETCH', '/orders'\) is no method and path"),
        ([("GET", "orders")], r"operation \('GET', 'orders'\) is no"),
    ],
)
def test_a_public_api_refuses_what_is_no_operation(operations, message):
    stack = new_stack()
    wait, logs = cdk.Duration.seconds(10), ServiceLogs(retention_days=30)
    with pytest.raises(InvalidApiError, match=message):
        PublicApi(
            stack, "Api", name="orders", operations=operations, function=None, integration_timeout=wait, logs=logs
        )


json_values = st.recursive(st.none() | st.text(max_size=5), lambda one: st.dictionaries(st.text(max_size=2), one))


@given(paths=json_values)
def test_paths_without_a_method_are_no_operations_whatever_they_are(paths):
    with pytest.raises(InvalidApiError, match="has no operations"):
        operations({"info": {"title": "Any"}, "paths": paths})

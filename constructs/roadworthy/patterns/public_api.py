"""A public REST API in front of one Lambda function, for callers that sign their requests."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from roadworthy.patterns.api_stage import refuse_limits, stage_options
from roadworthy.patterns.draining import refuse_duration
from roadworthy.patterns.interfaces import AnyFunction
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import log_group_name
from roadworthy.patterns.openapi import METHODS, InvalidApiError
from roadworthy.patterns.waivers import waive

_LONGEST_WAIT = 29  # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html


class PublicApi(Construct):
    """A regional API whose operations are all proxied to one function; IAM decides who may call it.

    Callers sign with Signature Version 4 and need `execute-api:Invoke`:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html

    Args:
        scope: where it is made.
        id: its id.
        name: the API's name.
        operations: the operations, as (method, path); a POST takes a JSON object.
        function: answers every operation.
        integration_timeout: how long API Gateway waits for the function, at most 29 s.
        logs: makes the access log's group.
        stage_name: the stage.
        requests_per_second, burst: how many requests the stage lets through, and how many at once.

    Attributes:
        api: the REST API.

    Raises:
        InvalidApiError: no operations, one that is no pair of method and path, or a limit out of its range.
        InvalidTimeoutError: API Gateway waits 1 to 29 s.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        operations: Sequence[tuple[str, str]],
        function: AnyFunction,
        integration_timeout: cdk.Duration,
        logs: ServiceLogs,
        stage_name: str = "v1",
        requests_per_second: int = 200,
        burst: int = 400,
    ) -> None:
        refuse_duration(f"API `{name}`: integration_timeout", integration_timeout, 1, _LONGEST_WAIT)
        refuse_limits(name, requests_per_second, burst)
        _refuse_operations(name, operations)
        super().__init__(scope, id)
        access_log = logs.group(self, "AccessLog", log_group_name("/apigateway", name))
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=name,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=stage_options(
                stage_name, access_log=access_log, requests_per_second=requests_per_second, burst=burst
            ),
        )
        self._shape_the_gateways_own_answers()
        integration = apigateway.LambdaIntegration(function, timeout=integration_timeout, allow_test_invoke=False)
        validator = self.api.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        model = self.api.add_model(
            "JsonObject",
            content_type="application/json",
            schema=apigateway.JsonSchema(type=apigateway.JsonSchemaType.OBJECT),
        )
        for method, path in operations:
            self.api.root.resource_for_path(path).add_method(
                method,
                integration,
                authorization_type=apigateway.AuthorizationType.IAM,
                request_validator=validator,
                request_models={"application/json": model} if method == "POST" else None,
            )
        waive(
            self.api,
            {
                "AwsSolutions-APIG3": "only callers that IAM knows get through, and stages are throttled; "
                "a web ACL is the account's own choice",
                "AwsSolutions-COG4": "callers are services with IAM roles, not people with passwords",
            },
        )

    def _shape_the_gateways_own_answers(self) -> None:
        """Errors that API Gateway gives itself: in the shape of ours, with the id to find them by.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
        """
        kinds = apigateway.ResponseType
        for kind, message in (
            (kinds.BAD_REQUEST_BODY, '"$context.error.validationErrorString"'),
            (kinds.BAD_REQUEST_PARAMETERS, '"$context.error.validationErrorString"'),
            (kinds.MISSING_AUTHENTICATION_TOKEN, '"not signed, or no such path and method"'),
            (kinds.DEFAULT_4_XX, "$context.error.messageString"),
            (kinds.DEFAULT_5_XX, "$context.error.messageString"),
        ):
            self.api.add_gateway_response(
                kind.response_type.title().replace("_", ""),
                type=kind,
                response_headers={"x-correlation-id": "context.requestId"},
                templates={"application/json": f'{{"message": {message}, "correlation_id": "$context.requestId"}}'},
            )


def _refuse_operations(name: str, operations: Sequence[tuple[str, str]]) -> None:
    if not operations:
        raise InvalidApiError(f"API `{name}` has no operations: give (method, path) of each")
    for one in operations:
        if len(one) != len(("method", "path")) or one[0].lower() not in METHODS or not one[1].startswith("/"):
            raise InvalidApiError(f"API `{name}`: operation {one!r} is no method and path, such as ('POST', '/orders')")

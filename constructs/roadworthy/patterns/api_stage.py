"""The stage of a REST API: traced, measured, throttled, and logged without bodies, query strings or callers' data."""

import json

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs

from roadworthy.patterns.openapi import InvalidApiError
from roadworthy.patterns.values import out_of_range

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
_ACCESS_LOG_FORMAT = apigateway.AccessLogFormat.custom(
    json.dumps(
        {
            "requestId": "$context.requestId",
            "requestTime": "$context.requestTime",
            "httpMethod": "$context.httpMethod",
            "resourcePath": "$context.resourcePath",
            "status": "$context.status",
            "responseLength": "$context.responseLength",
            "responseLatency": "$context.responseLatency",
            "integrationLatency": "$context.integrationLatency",
            "integrationStatus": "$context.integration.status",
            "error": "$context.error.message",
            "sourceIp": "$context.identity.sourceIp",
            "caller": "$context.identity.caller",
        }
    )
)


def stage_options(
    name: str, *, access_log: logs.ILogGroup, requests_per_second: int, burst: int
) -> apigateway.StageOptions:
    """The options of a stage called `name`; `burst` requests may come at once."""
    return apigateway.StageOptions(
        stage_name=name,
        tracing_enabled=True,
        metrics_enabled=True,
        logging_level=apigateway.MethodLoggingLevel.ERROR,
        access_log_destination=apigateway.LogGroupLogDestination(access_log),
        access_log_format=_ACCESS_LOG_FORMAT,
        throttling_rate_limit=requests_per_second,
        throttling_burst_limit=burst,
    )


def refuse_limits(name: str, requests_per_second: int, burst: int) -> None:
    """Refuse limits with which nobody would get through.

    Raises:
        InvalidApiError: one is no whole number from 1 on.
    """
    for what, value in (("requests_per_second", requests_per_second), ("burst", burst)):
        wrong = out_of_range(value, 1)
        if wrong:
            raise InvalidApiError(f"API `{name}`: {what} = {value!r} {wrong}")

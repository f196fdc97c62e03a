"""What API Gateway writes of each request: no body, no query string, no caller's data."""

import json

from aws_cdk import aws_apigateway as apigateway

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
ACCESS_LOG_FORMAT = apigateway.AccessLogFormat.custom(
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

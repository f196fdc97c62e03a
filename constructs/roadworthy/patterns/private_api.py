"""A private REST API from an OpenAPI 3 document: reachable through one VPC endpoint and nowhere else."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.api_stage import stage_options
from roadworthy.patterns.interfaces import AnyFunction
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.waivers import waive

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})


class PrivateApi(Construct):
    """The operations of an OpenAPI document, each proxied to one Lambda function.

    Args:
        scope: where it is made.
        id: its id.
        document: the OpenAPI 3.0 document; models and request validators in it are API Gateway's own. It is not
            changed.
        function: answers every operation.
        endpoint: the `execute-api` endpoint through which it is reached; its private DNS makes the stage's plain
            URL work inside the network.
        integration_timeout: how long API Gateway waits for the function, at most 29 s.
        logs: makes the access log's group.
        stage_name: the stage.

    Attributes:
        api: the REST API.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: Mapping[str, Any],
        function: AnyFunction,
        endpoint: ec2.IInterfaceVpcEndpoint,
        integration_timeout: cdk.Duration,
        logs: ServiceLogs,
        stage_name: str = "v1",
    ) -> None:
        super().__init__(scope, id)
        title = str(document["info"]["title"])
        body = _integrated(document, _proxy(self, function, integration_timeout))
        body["x-amazon-apigateway-policy"] = _only_through(endpoint, stage_name)
        access_log = logs.group(self, "AccessLog", f"/apigateway/{title.lower().replace(' ', '-')}")
        self.api = apigateway.SpecRestApi(
            self,
            "Api",
            rest_api_name=title,
            api_definition=apigateway.ApiDefinition.from_inline(body),
            endpoint_configuration=apigateway.EndpointConfiguration(
                types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=[endpoint]
            ),
            cloud_watch_role=False,
            deploy_options=stage_options(stage_name, access_log=access_log, requests_per_second=500, burst=1000),
        )
        waive(
            self.api,
            {
                "AwsSolutions-APIG2": "requests are validated by the document's own validators; the rule looks for "
                "RequestValidator resources only",
                "AwsSolutions-APIG3": "private: a web ACL guards against the internet, which cannot reach it",
            },
        )
        for method, path in operations(document):
            function.add_permission(
                f"Invoke{method.title()}{path.title().replace('/', '')}",
                principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
                source_arn=self.api.arn_for_execute_api(method.upper(), path, stage_name),
            )

    @property
    def url(self) -> str:
        """The stage's URL, without a slash at its end."""
        stage = self.api.deployment_stage
        return f"https://{self.api.rest_api_id}.execute-api.{stage.stack.region}.{stage.stack.url_suffix}/{stage.stage_name}"


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each operation of an OpenAPI document, as (method, path)."""
    for path, item in document["paths"].items():
        for method in item:
            if method in _METHODS:
                yield method, path


def _integrated(document: Mapping[str, Any], integration: Mapping[str, Any]) -> dict[str, Any]:
    body = copy.deepcopy(dict(document))
    for method, path in operations(document):
        body["paths"][path][method]["x-amazon-apigateway-integration"] = dict(integration)
    return body


def _proxy(scope: Construct, function: AnyFunction, timeout: cdk.Duration) -> dict[str, Any]:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
    stack = cdk.Stack.of(scope)
    invocation = f"path/2015-03-31/functions/{function.function_arn}/invocations"
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": f"arn:{stack.partition}:apigateway:{stack.region}:lambda:{invocation}",
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": timeout.to_milliseconds(),
    }


def _only_through(endpoint: ec2.IInterfaceVpcEndpoint, stage_name: str) -> dict[str, Any]:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": f"execute-api:/{stage_name}/*",
                "Condition": {"StringEquals": {"aws:SourceVpce": endpoint.vpc_endpoint_id}},
            }
        ],
    }

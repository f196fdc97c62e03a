"""A private REST API from an OpenAPI 3 document: reachable through one VPC endpoint and nowhere else."""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.api_stage import refuse_limits, stage_options
from roadworthy.patterns.draining import refuse_duration
from roadworthy.patterns.interfaces import AnyFunction
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import log_group_name
from roadworthy.patterns.openapi import Operation, integrated, operations, refuse_strangers, title
from roadworthy.patterns.waivers import waive
from roadworthy.patterns.wildcards import waive_wildcards

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_LONGEST_WAIT = 29


class PrivateApi(Construct):
    """The operations of an OpenAPI document, each proxied to a Lambda function.

    Args:
        scope: where it is made.
        id: its id.
        document: the OpenAPI 3.0 document; models and request validators in it are API Gateway's own. It is not
            changed.
        function: answers the operations.
        functions: others for single ones, by their `operationId`; default: `function` answers all.
        endpoint: the `execute-api` endpoint through which it is reached; its private DNS makes the stage's plain
            URL work inside the network.
        integration_timeout: how long API Gateway waits for the function, at most 29 s.
        logs: makes the access log's group.
        stage_name: the stage.
        requests_per_second, burst: how many requests the stage lets through, and how many at once.

    Attributes:
        api: the REST API.

    Raises:
        InvalidApiError: the document has no title or no operations, `functions` names one that it has not, or a
            limit is out of its range.
        InvalidTimeoutError: API Gateway waits 1 to 29 s.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: Mapping[str, Any],
        function: AnyFunction,
        functions: Mapping[str, AnyFunction] | None = None,
        endpoint: ec2.IInterfaceVpcEndpoint,
        integration_timeout: cdk.Duration,
        logs: ServiceLogs,
        stage_name: str = "v1",
        requests_per_second: int = 500,
        burst: int = 1000,
    ) -> None:
        name = title(document)
        refuse_strangers(document, functions or {})
        refuse_duration(f"API `{name}`: integration_timeout", integration_timeout, 1, _LONGEST_WAIT)
        refuse_limits(name, requests_per_second, burst)
        super().__init__(scope, id)
        self._stage_name = stage_name
        self._functions = {each: (functions or {}).get(each.id or "", function) for each in operations(document)}
        body = integrated(
            document, {each: _proxy(self, one, integration_timeout) for each, one in self._functions.items()}
        )
        body["x-amazon-apigateway-policy"] = _only_through(endpoint, stage_name)
        access_log = logs.group(self, "AccessLog", log_group_name("/apigateway", name.lower()))
        self.api = apigateway.SpecRestApi(
            self,
            "Api",
            rest_api_name=name,
            api_definition=apigateway.ApiDefinition.from_inline(body),
            endpoint_configuration=apigateway.EndpointConfiguration(
                types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=[endpoint]
            ),
            cloud_watch_role=False,
            deploy_options=stage_options(
                stage_name, access_log=access_log, requests_per_second=requests_per_second, burst=burst
            ),
        )
        waive(
            self.api,
            {
                "AwsSolutions-APIG2": "requests are validated by the document's own validators; the rule looks for "
                "RequestValidator resources only",
                "AwsSolutions-APIG3": "private: a web ACL guards against the internet, which cannot reach it",
            },
        )
        for each, one in self._functions.items():
            one.add_permission(
                f"Invoke{each.method.title()}{each.path.title().replace('/', '')}",
                principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
                source_arn=self._arn(each),
            )

    @property
    def url(self) -> str:
        """The stage's URL, without a slash at its end."""
        stage = self.api.deployment_stage
        return f"https://{self.api.rest_api_id}.execute-api.{stage.stack.region}.{stage.stack.url_suffix}/{stage.stage_name}"

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` call the document's operations, where they ask IAM, and nothing else.

        Whoever comes through the endpoint may call those that do not ask.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
        """
        arns = [self._arn(each) for each in self._functions]
        grant = iam.Grant.add_to_principal(grantee=grantee, actions=["execute-api:Invoke"], resource_arns=arns)
        principal = grantee.grant_principal
        if isinstance(principal, Construct):
            waive_wildcards(principal, arns, "a path's parameter may have any value")
        return grant

    def _arn(self, operation: Operation) -> str:
        return self.api.arn_for_execute_api(operation.method.upper(), operation.any_path, self._stage_name)


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

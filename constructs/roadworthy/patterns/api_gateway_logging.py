"""Lets API Gateway write to CloudWatch Logs: a setting of the account and region, not of an API."""

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.waivers import waive


class ApiGatewayLogging(Construct):
    """The role with which API Gateway logs; each API must come after it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html

    Args:
        scope: where it is made.
        id: its id.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        policy = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(policy)],
        )
        waive(
            role,
            {
                f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{policy}]": (
                    "the policy that API Gateway asks for by name; the role serves every API of the account"
                )
            },
        )
        account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        # The setting outlives the stack, so what it points to must too, or other APIs stop logging.
        account.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        role.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

"""A Lambda function from a package with locked dependencies, on a role that may do nothing but log and trace."""

from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from roadworthy.patterns.bundling import bundle
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.waivers import waive

_PYTHON = "3.14"
# What Lambda needs to attach a function to a VPC; none of it takes a resource:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
_VPC_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]

_NO_RESOURCE = "X-Ray, network interfaces and dynamodb:ListStreams take no resource in IAM"


class Function(lambda_.Function):
    """A Python function: `lambdas/<package>/handler.py`, bundled locally, with its own role and log group.

    The role starts with its log group and X-Ray alone (CDK adds the latter); grant it the rest. The runtime is
    Python 3.14 on x86_64.

    Args:
        scope: where it is made.
        id: its id.
        package: the package's folder.
        name: the function's name; its log group is `/aws/lambda/<name>`.
        logs: makes the log group.
        timeout: how long one invocation may take.
        memory_mib: memory in MiB; CPU grows with it.
        environment: variables for the code.
        encryption_key: encrypts the variables.
        vpc: attaches the function to the isolated subnets of this network; it then gets a security group with no
            rules at all, to be opened with `connections`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        package: Path,
        name: str,
        logs: ServiceLogs,
        timeout: cdk.Duration,
        memory_mib: int = 512,
        environment: Mapping[str, str] | None = None,
        encryption_key: kms.IKey | None = None,
        vpc: ec2.IVpc | None = None,
    ) -> None:
        # Siblings of the function: CDK's class has no place for children before its own construction.
        log_group = logs.group(scope, f"{id}Logs", f"/aws/lambda/{name}")
        role = _role(scope, f"{id}Role", log_group_arn=log_group.log_group_arn, in_vpc=vpc is not None)
        if encryption_key is not None:
            encryption_key.grant_decrypt(role)
        super().__init__(
            scope,
            id,
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.X86_64,
            code=lambda_.Code.from_asset(str(bundle(package, python=_PYTHON))),
            handler=f"{package.name}.handler.handler",
            role=role,
            log_group=log_group,
            timeout=timeout,
            memory_size=memory_mib,
            tracing=lambda_.Tracing.ACTIVE,
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_LOG_LEVEL": "INFO",
                **(environment or {}),
            },
            environment_encryption=encryption_key,
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED) if vpc else None,
            allow_all_outbound=False if vpc else None,
        )
        waive(role, {"AwsSolutions-IAM5[Resource::*]": _NO_RESOURCE})


def _role(scope: Construct, id: str, *, log_group_arn: str, in_vpc: bool) -> iam.Role:
    statements = [iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group_arn])]
    if in_vpc:
        statements.append(iam.PolicyStatement(actions=_VPC_ACTIONS, resources=["*"]))
    # Inline, so that the permissions exist before the function does: Lambda refuses a VPC function without them.
    return iam.Role(
        scope,
        id,
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"Base": iam.PolicyDocument(statements=statements)},
    )

"""One customer-managed key for what a service keeps: tables, queues, topics and logs."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from roadworthy.patterns.interfaces import AnyKey
from roadworthy.patterns.names import refuse_name


class EncryptionKey(kms.Key):
    """A rotated key that CloudWatch Logs and CloudWatch alarms of this account may use.

    It outlives its stack, since retained tables and logs cannot be read without it.

    Args:
        scope: where it is made.
        id: its id.
        alias: the key's alias, without `alias/`.

    Raises:
        InvalidNameError: no key can have the alias.
    """

    def __init__(self, scope: Construct, id: str, *, alias: str) -> None:
        refuse_name("alias", alias)
        super().__init__(
            scope,
            id,
            alias=f"alias/{alias}",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self.add_to_resource_policy(_for_logs(self))
        self.add_to_resource_policy(_for_alarms(self))


def let_logs_use(key: AnyKey | None) -> None:
    """Let log groups of this account use a key, where it was made in this app: its policy alone can allow it."""
    if isinstance(key, kms.Key) and not isinstance(key, EncryptionKey):
        key.add_to_resource_policy(_for_logs(key))


def let_alarms_use(key: AnyKey) -> None:
    """Let alarms of this account use a key, where it was made in this app: its policy alone can allow it."""
    if isinstance(key, kms.Key) and not isinstance(key, EncryptionKey):
        key.add_to_resource_policy(_for_alarms(key))


def _for_logs(key: kms.Key) -> iam.PolicyStatement:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    stack = cdk.Stack.of(key)
    groups = stack.format_arn(service="logs", resource="*", arn_format=cdk.ArnFormat.NO_RESOURCE_NAME)
    return iam.PolicyStatement(
        sid="LogGroupsOfThisAccount",
        principals=[iam.ServicePrincipal(f"logs.{stack.region}.{stack.url_suffix}")],
        actions=[
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:ReEncrypt*",
            "kms:GenerateDataKey*",
            "kms:DescribeKey",
        ],
        resources=["*"],  # in a key policy this means the key itself
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def _for_alarms(key: kms.Key) -> iam.PolicyStatement:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    return iam.PolicyStatement(
        sid="AlarmsOfThisAccount",
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(key).account}},
    )

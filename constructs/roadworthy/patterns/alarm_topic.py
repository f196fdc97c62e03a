"""Where CloudWatch tells of alarms."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from roadworthy.patterns.encryption import let_alarms_use
from roadworthy.patterns.interfaces import AnyKey


class AlarmTopic(sns.Topic):
    """An encrypted topic to which CloudWatch alarms of this account publish, over TLS alone.

    Args:
        scope: where it is made.
        id: its id.
        encryption_key: what encrypts it; alarms may then use it, where it was made in this app. The policy of an
            imported one must let them: without, CloudWatch fails to publish, and nobody hears of it.
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: AnyKey) -> None:
        let_alarms_use(encryption_key)
        super().__init__(scope, id, master_key=encryption_key, enforce_ssl=True)
        # A topic with a policy of its own no longer has the default one, so alarms must be let in by name.
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
            )
        )

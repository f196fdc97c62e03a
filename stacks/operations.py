"""What operating services needs of its own: the records of deployments."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from roadworthy.environments import Environment
from roadworthy.operations.records import table
from roadworthy.operations.records.name import NAME
from roadworthy.patterns import Index, RecordTable


class OperationsStack(cdk.Stack):
    """The table in which `roadworthy deploy`, `restart` and `rollback` record what they did.

    Attributes:
        records: the table; `records.grant(role, ...)` or `roadworthy permissions` lets an operator use it.
    """

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment, environment: Environment) -> None:
        super().__init__(scope, id, env=env, description="Records of deployments")
        string, number = dynamodb.AttributeType.STRING, dynamodb.AttributeType.NUMBER
        self.records = RecordTable(
            self,
            "Records",
            name=NAME,
            partition_key=dynamodb.Attribute(name=table.PARTITION_KEY, type=string),
            sort_key=dynamodb.Attribute(name=table.SORT_KEY, type=string),
            indexes=[
                Index(
                    table.INDEX,
                    dynamodb.Attribute(name=table.INDEX_PARTITION_KEY, type=string),
                    dynamodb.Attribute(name=table.INDEX_SORT_KEY, type=number),
                )
            ],
            encryption_key=self._key(),
            deletion_protection=environment.guarded,
        )
        cdk.CfnOutput(
            self, "RecordsTableName", value=self.records.table.table_name, description="Records of deployments"
        )

    def _key(self) -> kms.Key:
        """A key that whoever may use the table may use through DynamoDB: operators need no permission on it."""
        key = kms.Key(
            self,
            "Key",
            alias=f"alias/{NAME}-records",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="ThroughDynamoDbOfThisAccount",
                principals=[iam.AnyPrincipal()],
                actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
                resources=["*"],  # in a key policy this means the key itself
                conditions={
                    "StringEquals": {
                        "kms:CallerAccount": self.account,
                        "kms:ViaService": f"dynamodb.{self.region}.{self.url_suffix}",
                    }
                },
            )
        )
        return key

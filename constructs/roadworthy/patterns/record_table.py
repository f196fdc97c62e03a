"""A DynamoDB table of records: created with all its protections, or a live one taken over."""

import dataclasses
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


@dataclasses.dataclass(frozen=True)
class Index:
    """A global secondary index with all attributes projected.

    Attributes:
        name: the index's name.
        partition_key: its partition key.
        sort_key: its sort key.
    """

    name: str
    partition_key: dynamodb.Attribute
    sort_key: dynamodb.Attribute


@dataclasses.dataclass(frozen=True)
class ExistingTable:
    """A live table, to be taken over instead of created.

    Attributes:
        stream_arn: the ARN of its stream; None: nothing reads its changes.
        encryption_key: the key of yours that encrypts it; None: DynamoDB's own.
    """

    stream_arn: str | None = None
    encryption_key: kms.IKey | None = None


class RecordTable(Construct):
    """A table with on-demand capacity, point-in-time recovery and encryption, that outlives its stack.

    A table made by a deployment that is rolled back is removed again, so that the next try finds its name free.

    Args:
        scope: where it is made.
        id: its id.
        name: the table's name.
        partition_key: its partition key.
        sort_key: its sort key.
        encryption_key: what encrypts it.
        indexes: its global secondary indexes.
        stream: whether its changes are streamed, with both images.
        deletion_protection: whether DynamoDB refuses to delete it.
        existing: takes over this live table; nothing is created or changed, and keys and indexes are trusted to be
            as given.

    Attributes:
        table: the table itself.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        partition_key: dynamodb.Attribute,
        sort_key: dynamodb.Attribute,
        encryption_key: kms.IKey,
        indexes: Sequence[Index] = (),
        stream: bool = False,
        deletion_protection: bool = False,
        existing: ExistingTable | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._indexes = [index.name for index in indexes]
        self.table: dynamodb.ITable
        if existing is not None:
            self._encryption_key = existing.encryption_key
            self.table = dynamodb.Table.from_table_attributes(
                self,
                "Table",
                table_name=name,
                table_stream_arn=existing.stream_arn,
                encryption_key=existing.encryption_key,
                global_indexes=self._indexes,
            )
            return
        self._encryption_key = encryption_key
        table = dynamodb.Table(
            self,
            "Table",
            table_name=name,
            partition_key=partition_key,
            sort_key=sort_key,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=encryption_key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            deletion_protection=deletion_protection,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        for index in indexes:
            table.add_global_secondary_index(
                index_name=index.name, partition_key=index.partition_key, sort_key=index.sort_key
            )
        self.table = table

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.table_name

    def grant_query(self, grantee: iam.IGrantable, *, indexes: bool = True) -> iam.Grant:
        """Let `grantee` query the table and, unless `indexes` is false, each of its indexes; nothing else."""
        names = self._indexes if indexes else []
        return self._grant(grantee, ["dynamodb:Query"], [f"{self.table.table_arn}/index/{name}" for name in names])

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Let `grantee` do `actions` (`dynamodb:PutItem`) on the table itself, not on its indexes."""
        return self._grant(grantee, list(actions), [])

    def grant_key(self, grantee: iam.IGrantable) -> None:
        """Let `grantee` use the table's key: for its items, or for its stream, which the event source itself grants."""
        if self._encryption_key is not None:
            self._encryption_key.grant_decrypt(grantee)

    def _grant(self, grantee: iam.IGrantable, actions: list[str], more: list[str]) -> iam.Grant:
        # DynamoDB uses the key in the caller's name: it decrypts the table's own key, whatever the action.
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        self.grant_key(grantee)
        return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=[self.table.table_arn, *more])

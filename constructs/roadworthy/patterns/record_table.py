"""A DynamoDB table of records: created with all its protections, or a live one taken over."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.dead_letter_queue import DeadLetterQueue
from roadworthy.patterns.draining import refuse_duration
from roadworthy.patterns.function import Function
from roadworthy.patterns.interfaces import AnyKey
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.values import is_token, out_of_range

# https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html; a stream keeps its records for 24 hours.
_MOST_RECORDS, _MOST_RETRIES = 10_000, 10_000
_MAX_RECORD_AGE = cdk.Duration.hours(12)
_SHORTEST_AGE, _LONGEST_AGE = 60, 604_800
_MOST_INDEXES = 20  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html


class InvalidTableError(RoadworthyError, ValueError):
    """A table that DynamoDB would refuse, or that has no stream to be read."""


@dataclasses.dataclass(frozen=True)
class Index:
    """A global secondary index with all attributes projected.

    Attributes:
        name: the index's name.
        partition_key: its partition key.
        sort_key: its sort key; default: none.

    Raises:
        InvalidNameError: no index can have the name.
    """

    name: str
    partition_key: dynamodb.Attribute
    sort_key: dynamodb.Attribute | None = None

    def __post_init__(self) -> None:
        refuse_name("index", self.name)


@dataclasses.dataclass(frozen=True)
class ExistingTable:
    """A live table, to be taken over instead of created.

    Attributes:
        stream_arn: the ARN of its stream; None: nothing reads its changes.
        encryption_key: the key of yours that encrypts it; None: DynamoDB's own.
    """

    stream_arn: str | None = None
    encryption_key: AnyKey | None = None


class RecordTable(Construct):
    """A table with on-demand capacity, point-in-time recovery and encryption, that outlives its stack.

    A table made by a deployment that is rolled back is removed again, so that the next try finds its name free.

    Args:
        scope: where it is made.
        id: its id.
        name: the table's name.
        partition_key: its partition key.
        sort_key: its sort key; default: none.
        encryption_key: what encrypts it.
        indexes: its global secondary indexes, at most 20, each of its own name.
        stream: whether its changes are streamed, with both images.
        deletion_protection: whether DynamoDB refuses to delete it.
        existing: takes over this live table; nothing is created or changed, and keys and indexes are trusted to be
            as given.

    Attributes:
        table: the table itself.

    Raises:
        InvalidNameError: no table can have the name.
        InvalidTableError: an index stands twice, there are too many, or an existing table that is to be streamed is
            given without the ARN of its stream.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        partition_key: dynamodb.Attribute,
        sort_key: dynamodb.Attribute | None = None,
        encryption_key: AnyKey,
        indexes: Sequence[Index] = (),
        stream: bool = False,
        deletion_protection: bool = False,
        existing: ExistingTable | None = None,
    ) -> None:
        _refuse(name, indexes, stream, existing)
        super().__init__(scope, id)
        self._name, self._is_streamed = name, stream or (existing is not None and existing.stream_arn is not None)
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

    def stream_to(
        self,
        function: Function,
        *,
        dead_letters: sqs.IQueue | None = None,
        batch_size: int = 25,
        retry_attempts: int = 100,
        max_record_age: cdk.Duration | None = None,
        filters: Sequence[Mapping[str, Any]] = (),
    ) -> sqs.IQueue:
        """Let `function` read the table's changes from the oldest on; a record that it cannot process blocks no other.

        The function names the records that failed (`ReportBatchItemFailures`); a batch that fails as a whole is halved.
        What fails until the end is told to the queue, by its place in the stream.
        https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html

        Args:
            function: the reader.
            dead_letters: where; default: a new `DeadLetterQueue`.
            batch_size: how many records at most, 1 to 10,000.
            retry_attempts: how often a batch is tried again, 0 to 10,000.
            max_record_age: how old a record may be, 1 minute to 7 days; default: 12 hours.
            filters: of `aws_lambda.FilterCriteria.filter`; default: all changes.

        Returns:
            The queue.

        Raises:
            InvalidTableError: the table has no stream, or a value is out of its range.
            InvalidTimeoutError: the age is out of its range.
        """
        self._refuse_reader(batch_size, retry_attempts, max_record_age)
        queue = dead_letters or DeadLetterQueue(self, f"{function.node.id}DeadLetters")
        self.grant_key(function)  # the stream of an encrypted table is read with the table's key
        age = max_record_age or _MAX_RECORD_AGE
        source = event_sources.DynamoEventSource(
            self.table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=None if is_token(batch_size) else batch_size,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=retry_attempts,
            max_record_age=_MAX_RECORD_AGE if age.is_unresolved() else age,
            on_failure=event_sources.SqsDlq(queue),
            filters=list(filters) or None,
        )
        function.add_event_source(source)
        _keep_tokens(function, {"BatchSize": batch_size, "MaximumRecordAgeInSeconds": age.to_seconds()})
        return queue

    def _refuse_reader(self, batch_size: int, retry_attempts: int, max_record_age: cdk.Duration | None) -> None:
        where = f"table `{self._name}`:"
        if not self._is_streamed:
            raise InvalidTableError(f"{where} it has no stream to be read; give stream=True")
        for what, value, low, high in (
            ("batch_size", batch_size, 1, _MOST_RECORDS),
            ("retry_attempts", retry_attempts, 0, _MOST_RETRIES),
        ):
            wrong = out_of_range(value, low, high)
            if wrong:
                raise InvalidTableError(f"{where} {what} = {value!r} {wrong}")
        refuse_duration(f"{where} max_record_age", max_record_age, _SHORTEST_AGE, _LONGEST_AGE)

    def _grant(self, grantee: iam.IGrantable, actions: list[str], more: list[str]) -> iam.Grant:
        # DynamoDB uses the key in the caller's name: it decrypts the table's own key, whatever the action.
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        self.grant_key(grantee)
        return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=[self.table.table_arn, *more])


def _keep_tokens(function: Function, numbers: Mapping[str, float]) -> None:
    """Write tokens into the mapping that was made last: CDK's own event source takes numbers alone."""
    mapping = [child for child in function.node.children if isinstance(child, lambda_.EventSourceMapping)][-1]
    for name, value in numbers.items():
        if is_token(value):
            cast("lambda_.CfnEventSourceMapping", mapping.node.default_child).add_property_override(name, value)


def _refuse(name: str, indexes: Sequence[Index], stream: bool, existing: ExistingTable | None) -> None:
    refuse_name("table", name)
    names = [index.name for index in indexes]
    if len(set(names)) < len(names) or len(names) > _MOST_INDEXES:
        raise InvalidTableError(
            f"table `{name}`: indexes {', '.join(names)}: at most {_MOST_INDEXES}, each of its own name"
        )
    if stream and existing is not None and existing.stream_arn is None:
        raise InvalidTableError(f"table `{name}`: stream = True, and existing names no stream; give its stream_arn")

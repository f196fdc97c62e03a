"""The tables: commands as they were given, notifications as they are queried, and the stream between them."""

from pathlib import Path

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from roadworthy.environments import Environment
from roadworthy.patterns import (
    AlarmTopic,
    DeadLetterQueue,
    ExistingTable,
    Function,
    Index,
    RecordTable,
    ServiceLogs,
    waive,
)
from stacks.query_service import timeouts


class Records(Construct):
    """Both tables and the stream processor that fills the one from the other.

    A record that cannot be processed never blocks those behind it and is never lost: the processor sends what is
    malformed to the dead-letter queue itself; what fails for other reasons is retried, singled out, and in the end
    its place in the stream is written to the same queue.

    Attributes:
        commands, notifications: the tables.
        processor: the stream processor.
        dead_letters: the queue of what could not be processed.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        environment: Environment,
        encryption_key: kms.IKey,
        logs: ServiceLogs,
        lambdas: Path,
        alarm_topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, id)
        commands, notifications = self._existing(environment)
        self.commands = RecordTable(
            self,
            "Commands",
            name="command-records",
            partition_key=_string("transaction_id"),
            sort_key=_number("created_at"),
            stream=True,
            encryption_key=encryption_key,
            deletion_protection=environment.guarded,
            existing=commands,
        )
        self.notifications = RecordTable(
            self,
            "Notifications",
            name="notification-records",
            partition_key=_string("user_id"),
            sort_key=_number("created_at"),
            indexes=[
                Index("marketing_id-index", _string("marketing_id"), _number("created_at")),
                Index("transaction_id-status-index", _string("transaction_id"), _string("status")),
            ],
            encryption_key=encryption_key,
            deletion_protection=environment.guarded,
            existing=notifications,
        )
        self.dead_letters = DeadLetterQueue(self, "DeadLetters", encryption_key=encryption_key)
        self.processor = Function(
            self,
            "StreamProcessor",
            package=lambdas / "stream_processor",
            name=f"{name}-stream-processor",
            logs=logs,
            timeout=timeouts.STREAM_FUNCTION,
            encryption_key=encryption_key,
            alarm_topic=alarm_topic,
            environment={
                "NOTIFICATION_TABLE": self.notifications.name,
                "DEAD_LETTER_QUEUE_URL": self.dead_letters.queue_url,
                "POWERTOOLS_METRICS_NAMESPACE": "QueryService",
            },
        )
        self._connect()

    def _connect(self) -> None:
        self.notifications.grant_query(self.processor, indexes=False)
        self.notifications.grant(self.processor, "dynamodb:PutItem")
        self.dead_letters.grant_send_messages(self.processor)
        # What can never succeed is no failure here: the processor puts it aside itself. What is retried is the outage
        # of a table or a permission, which may last.
        written = lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.or_("INSERT", "MODIFY")})
        self.commands.stream_to(self.processor, dead_letters=self.dead_letters, filters=[written])
        reason = "CDK's grant to send to an encrypted queue: variants of the two actions, on this one key"
        role = self.processor.role
        assert role is not None
        for action in ("kms:GenerateDataKey*", "kms:ReEncrypt*"):
            waive(role, {f"AwsSolutions-IAM5[Action::{action}]": reason})

    def _existing(self, environment: Environment) -> tuple[ExistingTable | None, ExistingTable | None]:
        tables = environment.existing_tables
        if tables is None:
            return None, None
        arn = tables.encryption_key_arn
        key = kms.Key.from_key_arn(self, "ExistingKey", arn) if arn else None
        return ExistingTable(tables.command_stream_arn, key), ExistingTable(encryption_key=key)


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _number(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.NUMBER)

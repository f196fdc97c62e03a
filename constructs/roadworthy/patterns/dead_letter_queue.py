"""Where events, invocations and starts wait that failed for good: kept, encrypted, reached over TLS alone."""

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from roadworthy.patterns.interfaces import AnyKey
from roadworthy.patterns.waivers import waive

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_LONGEST = cdk.Duration.days(14)
_LARGEST_BYTES = 1_048_576  # a letter holds its whole event


class DeadLetterQueue(sqs.Queue):
    """A queue of dead letters, kept for 14 days.

    Args:
        scope: where it is made.
        id: its id.
        encryption_key: what encrypts it; default: SQS's own key. EventBridge, SNS and EventBridge Scheduler must be let
            in to another one.
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: AnyKey | None = None) -> None:
        super().__init__(
            scope,
            id,
            encryption=sqs.QueueEncryption.KMS if encryption_key else sqs.QueueEncryption.SQS_MANAGED,
            encryption_master_key=encryption_key,
            enforce_ssl=True,
            retention_period=_LONGEST,
            max_message_size_bytes=_LARGEST_BYTES,
        )
        waive(self, {"AwsSolutions-SQS3": "this queue is the dead-letter queue"})

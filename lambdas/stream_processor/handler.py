"""Lambda `stream-processor`: batches of the `command-records` stream in, partial batch failures out.

INSERT and MODIFY are applied; REMOVE leaves the notification alone, since what was sent was sent.
Partial failures: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from stream_processor import clients, notification
from stream_processor.dead_letters import DeadLetters
from stream_processor.notification import PoisonError
from stream_processor.placement import Placement
from stream_processor.settings import settings

SERVICE = "stream-processor"
RECEIVED = "received"
POISON = "poison"
FAILED = "failed"
APPLIED = frozenset({"INSERT", "MODIFY"})

logger = Logger(service=SERVICE)
metrics = Metrics(namespace="QueryService", service=SERVICE)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Apply one batch; answers `{"batchItemFailures": [{"itemIdentifier": sequence number}, ...]}`."""
    metrics.add_metric(name=RECEIVED, unit=MetricUnit.Count, value=len(event["Records"]))
    if not event["Records"]:
        return {"batchItemFailures": []}  # given by hand: Powertools refuses an empty batch
    settings()  # a missing setting is a fault of the deployment: it fails the batch, and no record is blamed
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=_apply, processor=processor, context=context)


def _apply(record: DynamoDBRecord) -> None:
    """Apply one record; an exception gives it back to the stream."""
    raw: dict[str, Any] = record.raw_event
    if raw.get("eventName") not in APPLIED:
        return
    try:
        outcome = _place_or_bury(raw)
    except Exception as error:
        logger.warning("given back to the stream", record=raw.get("eventID"), cause=type(error).__name__)
        metrics.add_metric(name=FAILED, unit=MetricUnit.Count, value=1)
        raise
    metrics.add_metric(name=outcome, unit=MetricUnit.Count, value=1)


def _place_or_bury(raw: dict[str, Any]) -> str:
    """Store the notification, or send its record to the dead-letter queue; gives the metric's name."""
    placement = Placement(clients.dynamodb(), settings().notification_table)
    try:
        return placement.put(notification.parse(raw["dynamodb"])).value
    except PoisonError as poison:
        DeadLetters(clients.sqs(), settings().dead_letter_queue_url).send(raw, str(poison))
        logger.warning("sent to the dead-letter queue", record=raw.get("eventID"), reason=str(poison))
        return POISON

"""Each notice goes once to each place, although EventBridge, SNS and Lambda's retries give events more than once.

An item of the table stands for one delivery. Whoever sends takes it for a while first and marks it afterwards; a second
one meanwhile is told to come again, so that a sender that died loses nothing. Items expire by themselves. A table that
does not answer holds back nothing: a notice that comes twice is better than none.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LEASE_SECONDS = 75  # longer than the function may run
KEPT_SECONDS = 2 * 24 * 3600  # longer than EventBridge and Lambda retry

_FREE = "attribute_not_exists(id) OR (attribute_not_exists(sent_at) AND taken_until < :now)"

logger = logging.getLogger(__name__)


class BusyError(Exception):
    """Another invocation is sending the same; Lambda comes again."""


@dataclass(frozen=True)
class Deliveries:
    """The table of deliveries; `now` gives seconds since 1970."""

    client: "DynamoDBClient"
    table: str
    now: Callable[[], float] = time.time

    def once(self, key: str, send: Callable[[], None]) -> bool:
        """Call `send` unless it has succeeded for this key before; whether it was called.

        Raises:
            BusyError: another one is at it.
            Exception: whatever `send` raises; it may be called for this key again.
        """
        if not self._take(key):
            return False
        try:
            send()
        except BaseException:
            self._quietly(lambda: self.client.delete_item(TableName=self.table, Key={"id": {"S": key}}))
            raise
        self._quietly(lambda: self._mark(key))
        return True

    def _take(self, key: str) -> bool:
        now = int(self.now())
        try:
            self.client.put_item(
                TableName=self.table,
                Item={
                    "id": {"S": key},
                    "taken_until": {"N": str(now + LEASE_SECONDS)},
                    "expires_at": {"N": str(now + KEPT_SECONDS)},
                },
                ConditionExpression=_FREE,
                ExpressionAttributeValues={":now": {"N": str(now)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as refused:
            held: Any = refused.response.get("Item") or {}
            if "sent_at" in held:
                return False
            raise BusyError(f"{key} is being sent") from None
        except (BotoCoreError, ClientError) as error:
            logger.warning("the table of deliveries does not answer: %s", error)
        return True

    def _mark(self, key: str) -> None:
        self.client.update_item(
            TableName=self.table,
            Key={"id": {"S": key}},
            UpdateExpression="SET sent_at = :now",
            ExpressionAttributeValues={":now": {"N": str(int(self.now()))}},
        )

    @staticmethod
    def _quietly(call: Callable[[], object]) -> None:
        try:
            call()
        except (BotoCoreError, ClientError) as error:
            logger.warning("the table of deliveries does not answer: %s", error)

"""DynamoDB streams into Lambda: what happens when a batch fails.

Lack: a partial batch response marks the whole batch as done; there is no retry limit, no bisecting, and an on-failure
    destination only for old records.
Effect: records are lost silently, or one poison record blocks its shard for ever: neither can be tested.
Shim: the poller for DynamoDB is replaced. `ReportBatchItemFailures` goes on from the first failed record;
    `BisectBatchOnFunctionError` halves a failed batch, which is no retry; after `MaximumRetryAttempts` or
    `MaximumRecordAgeInSeconds` the batch goes to the on-failure destination and the shard moves on.
Faithful: to these settings with one shard and one batch at a time; the pause between retries is at most five seconds.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import dataclasses
import json
import time
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import dynamodb, lambda_service, responses

_LONGEST_PAUSE = 5.0  # seconds
Record = dict[str, Any]


@dataclasses.dataclass
class _Progress:
    """A mapping's batch that has failed: how many records are tried next, and how often they were."""

    size: int
    attempts: int = 0


_retrying: dict[str, _Progress] = {}


def install(_: Settings) -> None:
    """Replace the poller."""
    lambda_service._poll_dynamodb_streams = _poll


def _poll() -> bool:
    """Try each mapping once; true when one moved on."""
    moved = False
    for account, region, mapping in lambda_service._iter_all_esms():
        with responses.request_scope(account, region):
            if mapping.get("Enabled", True) and ":dynamodb:" in mapping.get("EventSourceArn", ""):
                moved = _step(mapping) or moved
    return moved


def _step(mapping: dict[str, Any]) -> bool:
    number, arn = mapping["UUID"], mapping["EventSourceArn"]
    source = lambda_service._dynamodb_stream_table_from_arn_spec(lambda_service.parse_arn(arn))
    function, _config = lambda_service._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    table = dynamodb._tables.get(source[0]) if source else None
    if not function or not table or table.get("LatestStreamArn") != arn:
        return False
    if lambda_service._esm_backoff_until.get(number, 0) > time.time():
        return False
    position = _position(mapping, source[0])
    progress = _retrying.get(number) or _Progress(int(mapping.get("BatchSize", 100)))
    records = dynamodb.stream_records_since(source[0], position, progress.size) if position is not None else []
    if not records:
        return False
    return _Batch(mapping, position or 0, records).process(function, progress)


def _position(mapping: dict[str, Any], table: str) -> int | None:
    """Where the mapping reads on; None when the stream is empty."""
    horizon, end = dynamodb.stream_start_position(table), dynamodb.stream_end_position(table)
    if horizon == end:
        return None
    positions, start = lambda_service._dynamodb_stream_positions, mapping.get("StartingPosition")
    with lambda_service._dynamodb_stream_positions_lock:
        position = positions.setdefault(mapping["UUID"], horizon if start == "TRIM_HORIZON" else end)
        positions[mapping["UUID"]] = max(position, horizon)
        return int(positions[mapping["UUID"]])


class _Batch:
    """Records that are handed to the function together."""

    def __init__(self, mapping: dict[str, Any], position: int, records: list[Record]) -> None:
        self._mapping, self._id = mapping, mapping["UUID"]
        self._position = position
        self._records = records

    def process(self, function: dict[str, Any], progress: _Progress) -> bool:
        """Invoke the function, and act on its answer; true when the mapping moved on."""
        wanted = lambda_service._apply_filter_criteria(self._records, self._mapping)
        result = lambda_service._execute_function(function, {"Records": wanted}) if wanted else {}
        failed = _first_failed(self._mapping, self._records, result)
        if failed is None:
            self._advance(len(self._records))
            self._mapping["LastProcessingResult"] = f"OK - {len(wanted)} records"
            return True
        self._mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
        if failed > 0:
            self._advance(failed)
            return self._retry(_Progress(len(self._records) - failed, 1))
        if self._mapping.get("BisectBatchOnFunctionError") and len(self._records) > 1:
            _retrying[self._id] = _Progress(len(self._records) // 2, progress.attempts)
            return True
        return self._retry_or_discard(function, wanted, result, progress.attempts + 1)

    def _retry_or_discard(self, function: dict[str, Any], wanted: list[Record], result: Any, attempts: int) -> bool:
        condition = self._exhausted(attempts)
        if condition is None:
            return self._retry(_Progress(len(self._records), attempts))
        arn = self._mapping["EventSourceArn"]
        lambda_service._send_ddb_stream_failure_record(self._mapping, function, wanted, arn, result, condition)
        self._advance(len(self._records))
        return True

    def _exhausted(self, attempts: int) -> str | None:
        """Why the batch is given up; None: it is not. -1 means no limit, as in the API."""
        oldest = float(self._records[0]["dynamodb"].get("ApproximateCreationDateTime", time.time()))
        age = int(self._mapping.get("MaximumRecordAgeInSeconds") or -1)
        if 0 < age < time.time() - oldest:
            return "MaxRecordAgeExceeded"
        limit = self._mapping.get("MaximumRetryAttempts")
        return "RetryAttemptsExhausted" if limit is not None and 0 <= int(limit) < attempts else None

    def _advance(self, count: int) -> None:
        with lambda_service._dynamodb_stream_positions_lock:
            lambda_service._dynamodb_stream_positions[self._id] = self._position + count
        _retrying.pop(self._id, None)
        lambda_service._esm_backoff_until.pop(self._id, None)

    def _retry(self, progress: _Progress) -> bool:
        _retrying[self._id] = progress
        pause = min(0.2 * 2**progress.attempts, _LONGEST_PAUSE)
        lambda_service._esm_backoff_until[self._id] = time.time() + pause
        return False


def _first_failed(mapping: dict[str, Any], records: list[Record], result: dict[str, Any]) -> int | None:
    """The index of the first record to try again; None when all are done.

    An answer that names no or an unknown record fails the whole batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    """
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
        return None
    failures = (_answer(result) or {}).get("batchItemFailures") or []
    if not failures:
        return None
    order = {str(record["dynamodb"]["SequenceNumber"]): index for index, record in enumerate(records)}
    return min(order.get(str(failure.get("itemIdentifier")), 0) for failure in failures)


def _answer(result: dict[str, Any]) -> dict[str, Any] | None:
    body = result.get("body")
    if isinstance(body, str | bytes):
        try:
            body = json.loads(body)
        except ValueError:
            return None
    return body if isinstance(body, dict) else None

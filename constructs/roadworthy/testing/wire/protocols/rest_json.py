"""REST with JSON bodies: Lambda, EKS, X-Ray, EventBridge Scheduler.

https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, StructureShape

from roadworthy.testing.wire import json_shapes
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.protocols import rest
from roadworthy.testing.wire.protocols.json_rpc import error_body

JSON = {"Content-Type": "application/json"}


def read(request: Request, operation: OperationModel) -> dict[str, Any]:
    """The parameters."""
    return rest.read(request, operation, json_shapes.loaded)


def write(answer: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
    """The reply with an answer."""
    headers = {**JSON, "x-amzn-RequestId": request_id}
    return rest.write(answer, operation, headers, _dumped)


def _dumped(value: Mapping[str, Any], shape: StructureShape) -> bytes:
    return json_shapes.dumped(json_shapes.to_json(value, shape))


def write_error(error: AwsError, operation: OperationModel, request_id: str) -> Reply:
    """The reply with an error, whose code a header names."""
    headers = {**JSON, "x-amzn-RequestId": request_id, "x-amzn-ErrorType": error.code}
    return Reply(error.status, json_shapes.dumped(error_body(error, operation)), headers)

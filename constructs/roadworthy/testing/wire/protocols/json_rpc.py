"""JSON 1.0 and 1.1: ECS, ECR, CloudWatch, CloudWatch Logs, DynamoDB, Secrets Manager, SSM, Service Quotas.

https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from roadworthy.testing.wire import json_shapes
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.models import error_shape


def read(request: Request, operation: OperationModel) -> dict[str, Any]:
    """The parameters in the body."""
    return json_shapes.loaded(request.body, operation.input_shape)


def write(answer: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
    """The reply with an answer."""
    shape = operation.output_shape
    return _reply(200, json_shapes.to_json(answer, shape) if shape else {}, operation, request_id)


def write_error(error: AwsError, operation: OperationModel, request_id: str) -> Reply:
    """The reply with an error; one that once spoke query also names the error as query did."""
    reply = _reply(error.status, {"__type": error.code, **error_body(error, operation)}, operation, request_id)
    if not operation.service_model.is_query_compatible:
        return reply
    return Reply(reply.status, reply.body, {**reply.headers, "x-amzn-query-error": f"{error.code};Sender"})


def error_body(error: AwsError, operation: OperationModel) -> dict[str, Any]:
    """The members of an error: its message, as the model spells it, and its fields."""
    shape = error_shape(operation.service_model.service_name, error.code)
    capital = shape and "Message" in shape.members and "message" not in shape.members
    fields = json_shapes.to_json(error.fields, shape) if shape else {}
    return {"Message" if capital else "message": error.message, **fields}


def _reply(status: int, document: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
    version = operation.service_model.metadata.get("jsonVersion", "1.1")
    headers = {"Content-Type": f"application/x-amz-json-{version}", "x-amzn-RequestId": request_id}
    return Reply(status, json_shapes.dumped(document), headers)

"""REST with XML bodies: S3, Route 53, CloudFront.

https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
"""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import OperationModel, StructureShape

from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.protocols import rest
from roadworthy.testing.wire.protocols.query import error_children
from roadworthy.testing.wire.xml_shapes import branch, dumped, leaf, members, structure_from_xml

XML = {"Content-Type": "application/xml"}


def read(request: Request, operation: OperationModel) -> dict[str, Any]:
    """The parameters."""
    return rest.read(request, operation, _loaded)


def _loaded(body: bytes, shape: StructureShape) -> dict[str, Any]:
    try:
        return structure_from_xml(ET.fromstring(body), shape)  # noqa: S314 - it comes from the test itself
    except ET.ParseError as error:
        raise ValueError(str(error)) from error


def write(answer: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
    """The reply with an answer."""
    headers = {**XML, "x-amz-request-id": request_id}
    return rest.write(answer, operation, headers, _dumped)


def _dumped(value: Mapping[str, Any], shape: StructureShape) -> bytes:
    children = list(members(value, shape))
    return dumped(branch(shape.name, children)) if children else b""


def write_error(error: AwsError, operation: OperationModel, request_id: str) -> Reply:
    """The reply with an error; one to HEAD has no body, as HTTP wants it, so that only its status tells."""
    headers = {**XML, "x-amz-request-id": request_id}
    if operation.http.get("method") == "HEAD":
        return Reply(error.status, b"", headers)
    return Reply(error.status, dumped(_error(error, operation, request_id)), headers)


def _error(error: AwsError, operation: OperationModel, request_id: str) -> ET.Element:
    """S3 alone writes its errors without a wrapper."""
    children = error_children(error, operation)
    if operation.service_model.service_name == "s3":
        return branch("Error", [*children, leaf("RequestId", request_id)])
    return branch("ErrorResponse", [branch("Error", children), leaf("RequestId", request_id)])

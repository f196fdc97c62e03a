"""The query protocol, forms and XML: STS, Elastic Load Balancing, IAM, CloudFormation.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import OperationModel, StructureShape

from roadworthy.testing.wire import forms
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.models import error_shape
from roadworthy.testing.wire.xml_shapes import branch, dumped, leaf, members

XML = {"Content-Type": "text/xml"}


def read(request: Request, operation: OperationModel) -> dict[str, Any]:
    """The parameters in the form."""
    shape = operation.input_shape
    tree = forms.tree_of(request.body)
    return forms.structure(tree, shape, forms.query_name) if isinstance(shape, StructureShape) else {}


def write(answer: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
    """The reply with an answer, in its wrapper."""
    metadata = branch("ResponseMetadata", [leaf("RequestId", request_id)])
    root = branch(f"{operation.name}Response", [*_result(answer, operation), metadata], **_namespace(operation))
    return Reply(200, dumped(root), XML)


def _result(answer: Mapping[str, Any], operation: OperationModel) -> Iterable[ET.Element]:
    shape = operation.output_shape
    if not isinstance(shape, StructureShape):
        return []
    children = list(members(answer, shape))
    wrapper = shape.serialization.get("resultWrapper")
    return [branch(str(wrapper), children)] if wrapper else children


def write_error(error: AwsError, operation: OperationModel, request_id: str) -> Reply:
    """The reply with an error; below 500 the fault is the sender's."""
    kind = leaf("Type", "Sender" if error.status < 500 else "Receiver")  # noqa: PLR2004 - HTTP's server errors
    body = branch("Error", [kind, *error_children(error, operation)])
    root = branch("ErrorResponse", [body, leaf("RequestId", request_id)], **_namespace(operation))
    return Reply(error.status, dumped(root), XML)


def error_children(error: AwsError, operation: OperationModel) -> list[ET.Element]:
    """The elements of an error: code, message and fields."""
    shape = error_shape(operation.service_model.service_name, error.code)
    fields = members(error.fields, shape) if shape else ()
    return [leaf("Code", error.code), leaf("Message", error.message), *fields]


def _namespace(operation: OperationModel) -> dict[str, str]:
    return {"xmlns": str(operation.service_model.metadata.get("xmlNamespace", ""))}

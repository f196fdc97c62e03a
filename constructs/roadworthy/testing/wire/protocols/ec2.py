"""The protocol of EC2 alone: forms whose names have capitals, XML without a wrapper.

https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
"""

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, StructureShape

from roadworthy.testing.wire import forms
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.protocols.query import XML, error_children
from roadworthy.testing.wire.xml_shapes import branch, dumped, leaf, members


def read(request: Request, operation: OperationModel) -> dict[str, Any]:
    """The parameters in the form."""
    shape = operation.input_shape
    tree = forms.tree_of(request.body)
    return forms.structure(tree, shape, forms.ec2_name) if isinstance(shape, StructureShape) else {}


def write(answer: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
    """The reply with an answer."""
    shape = operation.output_shape
    children = members(answer, shape) if isinstance(shape, StructureShape) else ()
    return Reply(200, dumped(branch(f"{operation.name}Response", [leaf("requestId", request_id), *children])), XML)


def write_error(error: AwsError, operation: OperationModel, request_id: str) -> Reply:
    """The reply with an error."""
    errors = branch("Errors", [branch("Error", error_children(error, operation))])
    return Reply(error.status, dumped(branch("Response", [errors, leaf("RequestID", request_id)])), XML)

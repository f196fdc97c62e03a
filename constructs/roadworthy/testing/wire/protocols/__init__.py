"""AWS's protocols, one file each: how a request is read, and how an answer and an error are written.

These are the five that botocore speaks with the services of an ECS pipeline; `resolved_protocol` of its models names
them. (CloudWatch also has smithy-rpc-v2-cbor, which botocore takes only where a service has no JSON.)
https://smithy.io/2.0/aws/protocols/index.html
"""

from collections.abc import Mapping
from typing import Any, Protocol

from botocore.model import OperationModel

from roadworthy.testing.wire.errors import AwsError, NotPlayedError
from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.protocols import ec2, json_rpc, query, rest_json, rest_xml


class Speaker(Protocol):
    """What a protocol's file has."""

    def read(self, request: Request, operation: OperationModel) -> dict[str, Any]:
        """The parameters. Raises ValueError, TypeError, LookupError or AttributeError when they cannot be read."""

    def write(self, answer: Mapping[str, Any], operation: OperationModel, request_id: str) -> Reply:
        """The reply with a checked answer."""

    def write_error(self, error: AwsError, operation: OperationModel, request_id: str) -> Reply:
        """The reply with an error."""


PROTOCOLS: Mapping[str, Speaker] = {
    "json": json_rpc,
    "query": query,
    "ec2": ec2,
    "rest-json": rest_json,
    "rest-xml": rest_xml,
}


def speaker_of(operation: OperationModel) -> Speaker:
    """The protocol that botocore speaks with the operation's service.

    Raises:
        NotPlayedError: it is none of ours.
    """
    name = operation.service_model.resolved_protocol
    if name not in PROTOCOLS:
        raise NotPlayedError(f"{operation.service_model.service_name} speaks {name}, which is not played")
    return PROTOCOLS[name]

"""Which service and operation a request over HTTP is for: told by its signature, its target, its form or its path.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs

from botocore.model import OperationModel

from roadworthy.testing.wire.errors import AwsError, NotPlayedError
from roadworthy.testing.wire.http import Request
from roadworthy.testing.wire.models import service_model
from roadworthy.testing.wire.protocols import rest

CREDENTIAL = re.compile(r"Credential=[^/]+/\d{8}/[^/]*/([^/]+)/aws4_request")
BUCKET = re.compile(r"(.+)\.s3[.-][a-z0-9.-]+")  # a bucket's own host


def addressee(request: Request, services: Sequence[str]) -> tuple[str, str]:
    """The boto3 service, one of those that are played, and the operation.

    Raises:
        AwsError: the request is not signed.
        NotPlayedError: nobody plays the service, or botocore does not know the operation.
    """
    signing_name = _signing_name(request)
    for service in services:
        operation = _operation(request, service) if service_model(service).signing_name == signing_name else ""
        if operation in service_model(service).operation_names:
            return service, operation
    asked = request.headers.get("x-amz-target") or _field(request, "Action") or f"{request.method} {request.path}"
    raise NotPlayedError(f"nobody plays {asked} of {signing_name}: played are {', '.join(services)}")


def _signing_name(request: Request) -> str:
    """The service that the signature is for: "elasticloadbalancing", "monitoring"."""
    match = CREDENTIAL.search(request.headers.get("authorization", ""))
    if not match:
        raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    return match[1]


def _operation(request: Request, service: str) -> str:
    """The operation, if the request is for this service; several have one signing name."""
    model = service_model(service)
    if model.resolved_protocol == "json":
        prefix, _, operation = request.headers.get("x-amz-target", "").rpartition(".")
        return operation if prefix == model.metadata.get("targetPrefix") else ""
    if model.resolved_protocol in ("query", "ec2"):
        return _field(request, "Action") if _field(request, "Version") == model.api_version else ""
    return max(_at_path(request, service), default=(0, ""))[1]


def _at_path(request: Request, service: str) -> Iterator[tuple[int, str]]:
    """The operations at a path, with the number of its letters that they fix: the most specific one is meant."""
    model = service_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        if _is_at(request, operation):
            yield len(re.sub("{.*?}", "", operation.http["requestUri"])), name


def _is_at(request: Request, operation: OperationModel) -> bool:
    _, _, literals = str(operation.http["requestUri"]).partition("?")
    query = parse_qs(request.query, keep_blank_values=True)
    fixed = parse_qs(literals, keep_blank_values=True).items() <= query.items()
    return operation.http.get("method") == request.method and fixed and bool(_matches(request, operation))


def _matches(request: Request, operation: OperationModel) -> re.Match[str] | None:
    return rest.pattern_of(operation).fullmatch(request.path)


def _field(request: Request, name: str) -> str:
    """A field of the form."""
    if "form" not in request.headers.get("content-type", ""):
        return ""
    return parse_qs(request.body.decode(errors="replace")).get(name, [""])[0]


def with_bucket(host: str, path: str) -> str:
    """The path of a request to S3 with the bucket in it, which boto3 puts into the host."""
    match = BUCKET.fullmatch(host)
    return f"/{match[1]}{path}" if match else path

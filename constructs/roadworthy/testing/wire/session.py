"""A boto3 session whose clients are answered in this process: no socket, no credentials, no configuration of the user.

botocore validates the parameters, signs, serializes, parses the answer, raises its typed exceptions and retries, as
always; only the sending is replaced, by its own `before-send` event.
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html

botocore sleeps between retries, in real time. A test that throttles is quick with a configuration such as
`Config(retries={"mode": "standard", "total_max_attempts": 3})`, or with none: `{"total_max_attempts": 1}`.
"""

import io
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from botocore.handlers import BUILTIN_HANDLERS
from botocore.loaders import create_loader
from botocore.session import Session as Core

from roadworthy.testing.wire.addresses import with_bucket
from roadworthy.testing.wire.backend import Backend
from roadworthy.testing.wire.errors import NotPlayedError
from roadworthy.testing.wire.exchange import exchange
from roadworthy.testing.wire.http import Request, decompressed
from roadworthy.testing.wire.models import service_model

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"  # AWS's own example
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's own example, too

LOADER = create_loader()  # of the models of all sessions; theirs alone, since botocore changes what it has loaded


def session(backend: Backend) -> boto3.Session:
    """A session in the region of the backend; its clients may be used from many threads."""
    core = _isolated()
    core.get_component("event_emitter").register_first("before-send", _Transport(backend))
    return boto3.Session(
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name=backend.region,
        botocore_session=core,
    )


def _isolated() -> Core:
    """A botocore session that reads neither the environment nor the user's files."""
    known = Core.SESSION_VARIABLES.items()
    unread = {name: (None, None, default, convert) for name, (_, _, default, convert) in known}
    core = Core(session_vars=unread)
    core.set_config_variable("config_file", os.devnull)
    core.set_config_variable("credentials_file", os.devnull)
    core.set_config_variable("ignore_configured_endpoint_urls", True)
    for event, handler, *_ in BUILTIN_HANDLERS:
        if event.startswith("before-send"):  # moto's, which would answer, too
            core.unregister(event, handler)
    core.register_component("data_loader", LOADER)
    return core


class _Transport:
    """Answers botocore's `before-send.SERVICE-ID.OPERATION`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __call__(self, request: AWSPreparedRequest, event_name: str, **_event: Any) -> AWSResponse:
        """Answer.

        Raises:
            ConnectionClosedError: the connection is dropped, as scripted; botocore retries it.
        """
        _before_send, service_id, operation = event_name.split(".")
        try:
            reply = exchange(self._backend, _read(request), self._service(service_id, operation), operation)
        except ConnectionResetError:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        headers = HTTPHeaders.from_dict(dict(reply.headers))
        return AWSResponse(request.url, reply.status, headers, _Raw(reply.body))

    def _service(self, service_id: str, operation: str) -> str:
        for service in self._backend.services:
            if service_model(service).service_id.hyphenize() == service_id:
                return service
        raise NotPlayedError(f"nobody plays {service_id} {operation}: played are {', '.join(self._backend.services)}")


def _read(request: AWSPreparedRequest) -> Request:
    """Botocore's request as ours."""
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    url = urlsplit(request.url)
    body = decompressed(headers, _body(request))
    return Request(request.method, with_bucket(url.hostname or "", url.path), url.query, headers, body)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _body(request: AWSPreparedRequest) -> bytes:
    sent: Any = request.body
    content = sent.read() if hasattr(sent, "read") else sent
    return content.encode() if isinstance(content, str) else bytes(content or b"")


class _Raw(io.BytesIO):
    """A body, as urllib3 gives it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """The body, in one piece."""
        yield self.read()

"""Requests to API Gateway, signed as AWS_IAM authorization asks: SigV4 for `execute-api`."""

import dataclasses
import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from roadworthy.local import isolation

if TYPE_CHECKING:
    import http.client


@dataclasses.dataclass(frozen=True)
class Answer:
    """An HTTP answer.

    Attributes:
        status: the HTTP status.
        body: the JSON document, or the text when it is none.
        headers: the headers, names in lower case.
        seconds: how long it took.
    """

    status: int
    body: Any
    headers: dict[str, str]
    seconds: float

    @property
    def hops(self) -> list[tuple[str, float]]:
        """Server-Timing (https://www.w3.org/TR/server-timing/): each hop's name and milliseconds, innermost first."""
        entries = (entry.strip().split(";dur=") for entry in self.headers.get("server-timing", "").split(","))
        return [(entry[0], float(entry[1])) for entry in entries if len(entry) == 2]  # noqa: PLR2004 - a name, a number


def post(
    url: str,
    body: Any,
    *,
    region: str,
    credentials: tuple[str, str] | None = None,
    timeout: float = 35,
    method: str = "POST",
) -> Answer:
    """Send a JSON document, signed.

    Args:
        url: where; a loopback address.
        body: the document; text is sent as it is.
        region: the API's region.
        credentials: access key and secret key; None: the local account's root user.
        timeout: seconds; API Gateway itself ends at 29.
        method: the HTTP method; a GET sends no document.

    Raises:
        LocalError: the address is not a loopback one.
        OSError: nobody answers there.
    """
    data = None if method == "GET" else (body if isinstance(body, str) else json.dumps(body)).encode()
    request = urllib.request.Request(isolation.require_loopback(url), data=data, method=method)  # noqa: S310 - loopback
    for name, value in _signature(request, region, credentials or (isolation.ACCESS_KEY, isolation.SECRET_KEY)).items():
        request.add_header(name, value)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    start = time.monotonic()
    try:
        with opener.open(request, timeout=timeout) as answer:
            return _answer(answer, start)
    except urllib.error.HTTPError as error:
        return _answer(error, start)


def _signature(request: urllib.request.Request, region: str, credentials: tuple[str, str]) -> dict[str, str]:
    from botocore.auth import SigV4Auth  # noqa: PLC0415 - the command line starts without it
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

    headers = {"content-type": "application/json"}
    signed = AWSRequest(request.get_method(), request.full_url, data=request.data, headers=headers)
    SigV4Auth(Credentials(*credentials), "execute-api", region).add_auth(signed)
    return {name: str(value) for name, value in signed.headers.items()}


def _answer(response: "http.client.HTTPResponse | urllib.error.HTTPError", start: float) -> Answer:
    text = response.read().decode(errors="replace")
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(int(response.status or 0), body, headers, time.monotonic() - start)

"""Plain HTTP to the local AWS."""

import json
import urllib.error
import urllib.request


def call(url, body=None, **headers):
    """GET, or POST of a document (bytes are sent as they are); answers status and document, None when there is none."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **headers})  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return status, json.loads(text) if text else None

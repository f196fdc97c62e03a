"""The query-result Lambda as a WSGI application.

It makes API Gateway's proxy events and enforces nothing, so that the Lambda's own checks stand alone.
"""

import json
from typing import Any

from query_result.handler import handler
from werkzeug import Request, Response

from tests.unit.lambdas.support.events import Context


class QueryResultApi:
    """Serves the Lambda, and the OpenAPI document at /openapi.json."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        answer = self.describe() if request.path == "/openapi.json" else self.invoke(request)
        return answer(environ, start_response)

    def describe(self) -> Response:
        return Response(json.dumps(self.document), content_type="application/json")

    def invoke(self, request: Request) -> Response:
        answer = handler(proxy_event(request), Context())
        headers = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
        return Response(answer["body"], answer["statusCode"], headers)


def proxy_event(request: Request) -> dict[str, Any]:
    """What API Gateway makes of a request; bytes that are no text it could not deliver become U+FFFD."""
    body = request.get_data().decode(errors="replace")
    return {
        "httpMethod": request.method,
        "path": request.path,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: request.headers.getlist(name) for name, _ in request.headers},
        "queryStringParameters": request.args.to_dict() or None,
        "requestContext": {"requestId": "request-id-1", "stage": "v1"},
        "body": body or None,
        "isBase64Encoded": False,
    }

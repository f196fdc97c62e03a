"""The door of a VPC endpoint: who may reach a private REST API.

Lack: the endpoint type PRIVATE is not enforced, and no request carries `aws:SourceVpce`.
Effect: a private API answers anyone; with IAM enforced, a policy on `aws:SourceVpce` refuses everyone.
Shim: `/_vpce/{endpoint}/{api}/...` stands for a request through that interface endpoint. The endpoint must exist and be
    one of execute-api; the API must be private and have a resource policy; the policy is then evaluated with the
    endpoint's id as `aws:SourceVpce`. A private API is refused at every other address, a public one at this.
Faithful: to API Gateway's decisions; the endpoint's own policy and its security groups are not looked at.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
"""

import contextvars
import json
import re
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import api_gateway, app, ec2, iam_evaluator

_source_endpoint: contextvars.ContextVar[str | None] = contextvars.ContextVar("source_endpoint", default=None)
_THROUGH_ENDPOINT = re.compile(r"/_vpce/([^/]+)/([^/]+)(/.*)?")
_PUBLIC = re.compile(r"/_aws/execute-api/([^/]+)|/restapis/([^/]+)/[^/]+/_user_request_")
_HOST = re.compile(rb"([a-z0-9]+)\.execute-api\.")


def install(_: Settings) -> None:
    """Put the door before the application and let policies see the endpoint."""
    resolve = iam_evaluator._resolve_condition_key

    def resolved(key: str, context: Any) -> Any:
        return _source_endpoint.get() if key.lower() == "aws:sourcevpce" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolved
    app.app = _Door(app.app)


class _Door:
    """An ASGI application in front of ministack's."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            through = _THROUGH_ENDPOINT.fullmatch(scope["path"])
            api_id = through[2] if through else _asked_api(scope)
            if api_id and not _may_enter(api_id, through[1] if through else None):
                return await _forbid(send)
            if through:
                path = f"/_aws/execute-api/{api_id}{through[3] or '/'}"
                scope = {**scope, "path": path, "raw_path": path.encode()}
            _source_endpoint.set(through[1] if through else None)
        await self._application(scope, receive, send)
        return None


def _asked_api(scope: dict[str, Any]) -> str | None:
    if asked := _PUBLIC.match(scope["path"]):
        return asked[1] or asked[2]
    hosts = (value for name, value in scope["headers"] if name == b"host")
    named = _HOST.match(next(hosts, b""))
    return named[1].decode() if named else None


def _may_enter(api_id: str, endpoint: str | None) -> bool:
    record: dict[str, Any] = next(
        (api for (_account, _region, key), api in api_gateway._rest_apis.all_items() if key == api_id), {}
    )
    private = "PRIVATE" in (record.get("endpointConfiguration") or {}).get("types", [])
    if endpoint is None:
        return not private
    return private and bool(record.get("policy")) and _is_execute_api(endpoint)


def _is_execute_api(endpoint: str) -> bool:
    records = (record for (_account, _region, key), record in ec2._vpc_endpoints.all_items() if key == endpoint)
    return any(str(record.get("ServiceName", "")).endswith(".execute-api") for record in records)


async def _forbid(send: Any) -> None:
    headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", b"ForbiddenException")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"message": "Forbidden"}).encode()})

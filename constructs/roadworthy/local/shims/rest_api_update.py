"""A changed OpenAPI body.

Lack: CloudFormation makes a new REST API under a new id when `Body` changes.
Effect: callers that know the old id get 404 during and after the update.
Shim: the new body is imported and then takes the old one's place under the same id, as PutRestApi in overwrite mode.
Faithful: the id stays; the new body is live at once rather than with its Deployment, since routing reads the live API.
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import api_gateway, handlers, provisioners

_STORES = ("_resources", "_models", "_request_validators", "_authorizers_v1", "_gateway_responses")


def install(_: Settings) -> None:
    """Overwrite in place."""
    handler = handlers["AWS::ApiGateway::RestApi"]
    original = handler["update"]

    def update(
        api_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
    ) -> tuple[str, dict[str, Any]]:
        body = new.get("Body")
        if body == old.get("Body") or not isinstance(body, dict) or api_id not in api_gateway._rest_apis:
            kept: tuple[str, dict[str, Any]] = original(api_id, old, new, stack, logical_id)
            return kept
        imported, _attributes = handler["create"](logical_id, new, stack)
        _take_over(api_id, imported)
        return api_id, provisioners._apigw_rest_api_attrs(api_id)

    handler["update"] = update


def _take_over(api_id: str, imported: str) -> None:
    for store in (getattr(api_gateway, name) for name in _STORES):
        if imported in store:
            store[api_id] = store.pop(imported)
        else:
            store.pop(api_id, None)
    record = api_gateway._rest_apis[imported]
    fresh = {key: value for key, value in record.items() if key not in ("id", "createdDate")}
    api_gateway._rest_apis[api_id].update(fresh)
    api_gateway._delete_rest_api(imported)

"""REST APIs imported from an OpenAPI 3 document.

Lack: of a document, ministack imports paths, methods and the integration's type and URI; models, request validators,
    required parameters, the resource policy, gateway responses and the rest of an integration are dropped.
Effect: validation is silently off, a private API has no policy, a MOCK integration answers nothing.
Shim: after the import, each of these is put through the same calls as its own API would (CreateModel, ...).
Faithful: fully for what is named above; `$ref`s inside a model are replaced by what they name.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import json
from collections.abc import Iterator
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import api_gateway, provisioners, responses

Document = dict[str, Any]
_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "x-amazon-apigateway-any-method")
_LOCATIONS = {"query": "querystring", "header": "header", "path": "path"}
_INTEGRATION = ("timeoutInMillis", "passthroughBehavior", "credentials", "requestTemplates", "requestParameters")
_PREFIX = "x-amazon-apigateway-"
_DEEPEST = 20  # levels of $ref; a schema that refers to itself ends here


def install(_: Settings) -> None:
    """Complete the import."""
    original = api_gateway._import_rest_api

    def imported(document: Document, base: Document | None = None) -> str:
        api_id: str = original(document, _settings(document, base or {}))
        _Import(api_id, document).complete()
        return api_id

    api_gateway._import_rest_api = imported


def _settings(document: Document, base: Document) -> Document:
    """What CreateRestApi is called with: the resource's properties, completed by the document."""
    endpoints = provisioners._pascal_to_camel(base.get("endpointConfiguration") or {"types": ["EDGE"]})
    extra = document.get(f"{_PREFIX}endpoint-configuration") or {}
    if extra.get("vpcEndpointIds"):
        endpoints["vpcEndpointIds"] = extra["vpcEndpointIds"]
    settings = {**base, "endpointConfiguration": endpoints}
    settings["policy"] = base.get("policy") or document.get(f"{_PREFIX}policy")
    compression = document.get(f"{_PREFIX}minimum-compression-size")
    return {**settings, "minimumCompressionSize": compression} if compression is not None else settings


class _Import:
    """One document on its way into one REST API."""

    def __init__(self, api_id: str, document: Document) -> None:
        self._api = api_id
        self._document = document
        self._validators: dict[str, str] = {}

    def complete(self) -> None:
        """Add what the original import drops."""
        for name, schema in ((self._document.get("components") or {}).get("schemas") or {}).items():
            self._create_model(name, "application/json", schema)
        for name, settings in (self._document.get(f"{_PREFIX}request-validators") or {}).items():
            answer = api_gateway._create_request_validator(self._api, {"name": name, **settings})
            self._validators[name] = json.loads(answer[2])["id"]
        for kind, settings in (self._document.get(f"{_PREFIX}gateway-responses") or {}).items():
            api_gateway._put_gateway_response(self._api, kind, settings)
        for resource_id, method, operation in self._operations():
            self._complete_method(resource_id, method, operation)

    def _operations(self) -> Iterator[tuple[str, str, Document]]:
        ids = {record["path"]: number for number, record in api_gateway._resources[self._api].items()}
        for path, item in (self._document.get("paths") or {}).items():
            for verb, operation in item.items():
                if verb.lower() in _METHODS:
                    method = "ANY" if verb.startswith(_PREFIX) else verb.upper()
                    yield ids[path], method, {**operation, "parameters": _parameters(item, operation)}

    def _complete_method(self, resource_id: str, method: str, operation: Document) -> None:
        record = api_gateway._resources[self._api][resource_id]["resourceMethods"].get(method)
        if record is None:
            return
        key = f"{_PREFIX}request-validator"
        validator = operation.get(key) or self._document.get(key)
        if validator:
            record["requestValidatorId"] = self._validators[validator]
        for content_type, media in ((operation.get("requestBody") or {}).get("content") or {}).items():
            if media.get("schema"):
                record.setdefault("requestModels", {})[content_type] = self._model(content_type, media["schema"])
        for parameter in operation["parameters"]:
            if location := _LOCATIONS.get(parameter.get("in", "")):
                name = f"method.request.{location}.{parameter['name']}"
                record.setdefault("requestParameters", {})[name] = bool(parameter.get("required"))
        self._complete_integration(resource_id, method, operation.get(f"{_PREFIX}integration") or {})

    def _complete_integration(self, resource_id: str, method: str, settings: Document) -> None:
        record = api_gateway._resources[self._api][resource_id]["resourceMethods"][method].get("methodIntegration")
        if not record:
            return
        record.update({key: settings[key] for key in _INTEGRATION if key in settings})
        for pattern, answer in (settings.get("responses") or {}).items():
            status = str(answer.get("statusCode", "200"))
            selection = "" if pattern == "default" else pattern
            data = {**answer, "selectionPattern": selection}
            api_gateway._put_method_response(self._api, resource_id, method, status, {})
            api_gateway._put_integration_response(self._api, resource_id, method, status, data)

    def _model(self, content_type: str, schema: Document) -> str:
        """The name of the model for a body's schema; an inline schema becomes a model of its own."""
        if "$ref" in schema:
            return str(schema["$ref"]).rsplit("/", 1)[-1]
        name = f"Model{responses.new_uuid()[:8]}"
        self._create_model(name, content_type, schema)
        return name

    def _create_model(self, name: str, content_type: str, schema: Document) -> None:
        model = {"name": name, "contentType": content_type, "schema": json.dumps(self._inlined(schema))}
        api_gateway._create_model(self._api, model)

    def _inlined(self, node: Any, depth: int = 0) -> Any:
        if isinstance(node, list):
            return [self._inlined(item, depth) for item in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/") and depth < _DEEPEST:
            target = self._document
            for part in reference.removeprefix("#/").split("/"):
                target = target[part]
            return self._inlined(target, depth + 1)
        return {key: self._inlined(value, depth) for key, value in node.items()}


def _parameters(item: Document, operation: Document) -> list[Document]:
    """A path's parameters hold for each of its operations."""
    return [*(item.get("parameters") or []), *(operation.get("parameters") or [])]

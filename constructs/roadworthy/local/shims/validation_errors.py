"""What is wrong with a request body, for gateway responses that ask for it.

Lack: `$context.error.validationErrorString` is not known to a gateway response's template.
Effect: a BAD_REQUEST_BODY template that names the field answers with the variable's name.
Shim: the variable is filled with the violations of the method's model, in the words of API Gateway's validator (see
    json_schema.py), e.g. `[object has missing required properties (["user_id"])]`.
Faithful: for types, required and unknown properties, limits, lengths, patterns, enums and counts; other keywords
    leave the list empty.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""

import json
import re
from typing import Any

from roadworthy.local.json_schema import violations
from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import api_gateway

_VARIABLE = re.compile(rb"\$(?:\{context\.error\.validationErrorString\}|context\.error\.validationErrorString\b)")


def install(_: Settings) -> None:
    """Note the violations with the error, and fill the variable in."""
    check, render = api_gateway._check_request_validation, api_gateway._gateway_error_response

    def checked(method: dict[str, Any], api_id: str, *request: Any) -> Any:
        error = check(method, api_id, *request)
        _request, _headers, body, _query = request
        if error is not None and error.response_type == "BAD_REQUEST_BODY":
            error.violations = _violations_of(method, api_id, body)
        return error

    def rendered(error: Any, request: Any) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = render(error, request)
        said = json.dumps(f"[{', '.join(getattr(error, 'violations', []))}]")[1:-1].encode()
        return status, headers, _VARIABLE.sub(lambda _match: said, body)

    api_gateway._check_request_validation = checked
    api_gateway._gateway_error_response = rendered


def _violations_of(method: dict[str, Any], api_id: str, body: Any) -> list[str]:
    model = (method.get("requestModels") or {}).get("application/json")
    try:
        return list(violations(api_gateway._model_schema(api_id, model) or {}, json.loads(body)))
    except (TypeError, ValueError):
        return []

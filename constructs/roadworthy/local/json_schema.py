"""What in a JSON document does not follow its schema, in the words of API Gateway's validator.

The words are those of github.com/java-json-tools/json-schema-validator, which API Gateway uses. Types, required and
unknown properties, limits, lengths, patterns, enums and counts are looked at; other keywords are not.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def violations(schema: dict[str, Any], value: Any) -> Iterator[str]:
    """Say what in `value` does not follow `schema`, outermost first."""
    allowed = schema.get("type")
    if allowed and not _is(value, allowed):
        names = json.dumps(allowed if isinstance(allowed, list) else [allowed])
        kind = _TYPES.get(type(value), "null")
        yield f"instance type ({kind}) does not match any allowed primitive type (allowed: {names})"
        return
    if "enum" in schema and value not in schema["enum"]:
        found, possible = json.dumps(value), json.dumps(schema["enum"])
        yield f"instance value ({found}) not found in enum (possible values: {possible})"
    if isinstance(value, str):
        yield from _text(schema, value)
    elif isinstance(value, dict):
        yield from _object(schema, value)
    elif isinstance(value, list):
        for item in value:
            yield from violations(schema.get("items") or {}, item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(schema, value)


def _is(value: Any, allowed: str | list[str]) -> bool:
    kinds = [allowed] if isinstance(allowed, str) else allowed
    own = _TYPES.get(type(value), "null")
    return own in kinds or (own == "integer" and "number" in kinds)


def _text(schema: dict[str, Any], value: str) -> Iterator[str]:
    found, low, high = len(value), schema.get("minLength"), schema.get("maxLength")
    if low is not None and found < low:
        yield f"string {json.dumps(value)} is too short (length: {found}, required minimum: {low})"
    if high is not None and found > high:
        yield f"string {json.dumps(value)} is too long (length: {found}, maximum allowed: {high})"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"ECMA 262 regex {json.dumps(schema['pattern'])} does not match input string {json.dumps(value)}"


def _number(schema: dict[str, Any], value: float) -> Iterator[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and value < low:
        yield f"numeric instance is lower than the required minimum (minimum: {low}, found: {value})"
    if high is not None and value > high:
        yield f"numeric instance is greater than the required maximum (maximum: {high}, found: {value})"


def _object(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
    known, least = schema.get("properties") or {}, schema.get("minProperties", 0)
    missing = sorted(name for name in schema.get("required") or [] if name not in value)
    unknown = sorted(name for name in value if name not in known)
    if missing:
        yield f"object has missing required properties ({json.dumps(missing, separators=(',', ':'))})"
    if unknown and schema.get("additionalProperties") is False:
        yield f"object instance has properties which are not allowed by the schema: {json.dumps(unknown)}"
    if len(value) < least:
        yield f"object has too few properties (found {len(value)} but schema requires at least {least})"
    for name in known.keys() & value.keys():
        yield from violations(known[name], value[name])

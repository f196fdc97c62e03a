"""What the two REST protocols share: parameters in the path, the query and headers; a payload in the body.

https://smithy.io/2.0/spec/http-bindings.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from roadworthy.testing.wire.http import Reply, Request
from roadworthy.testing.wire.scalars import text_of, value_of

STREAMS = ("blob", "string")  # a payload of these is the body itself
ReadBody = Callable[[bytes, StructureShape], dict[str, Any]]
WriteBody = Callable[[Mapping[str, Any], StructureShape], bytes]


def pattern_of(operation: OperationModel) -> re.Pattern[str]:
    """The paths of an operation: "/functions/{FunctionName}", and "/{Key+}" for several steps."""
    template = str(operation.http["requestUri"]).partition("?")[0]
    parts = re.split(r"{(.*?)}", template)
    labels = ["(.+)" if name.endswith("+") else "([^/]+)" for name in parts[1::2]]
    literals = [re.escape(part) for part in parts[0::2]]
    return re.compile("".join(literal + label for literal, label in zip(literals, [*labels, ""], strict=True)) + "/?")


def labels_of(operation: OperationModel) -> list[str]:
    """The names of the parameters in the path, in their order."""
    return [name.rstrip("+") for name in re.findall(r"{(.*?)}", operation.http["requestUri"])]


def read(request: Request, operation: OperationModel, body: ReadBody) -> dict[str, Any]:
    """The parameters, from wherever they are.

    Raises:
        ValueError, TypeError, LookupError, AttributeError: they cannot be read.
    """
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return {}
    return {**_read_payload(request, shape, body), **dict(_located(request, operation, shape))}


def _located(request: Request, operation: OperationModel, shape: StructureShape) -> Iterator[tuple[str, Any]]:
    """The parameters in the path, the query and the headers: member -> value."""
    match = pattern_of(operation).fullmatch(request.path)
    path = dict(zip(labels_of(operation), map(unquote, match.groups() if match else ()), strict=False))
    query = parse_qs(request.query, keep_blank_values=True)
    for member, inner in shape.members.items():
        name = str(inner.serialization.get("name", member))
        match inner.serialization.get("location"):
            case "uri" if name in path:
                yield member, value_of(path[name], inner)
            case "querystring" if isinstance(inner, MapShape) or name in query:
                yield member, _from_query(query, name, inner)
            case "header" if name.lower() in request.headers:
                yield member, _from_header(request.headers[name.lower()], inner)
            case "headers":
                yield member, _prefixed(request.headers, name.lower())


def _from_query(query: Mapping[str, list[str]], name: str, shape: Shape) -> Any:
    if isinstance(shape, MapShape):
        return {key: values if isinstance(shape.value, ListShape) else values[0] for key, values in query.items()}
    if isinstance(shape, ListShape):
        return [value_of(text, shape.member) for text in query[name]]
    return value_of(query[name][0], shape)


def _from_header(text: str, shape: Shape) -> Any:
    if isinstance(shape, ListShape):
        return [value_of(item.strip(), shape.member) for item in text.split(",")]
    return value_of(text, shape)


def _prefixed(headers: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name[len(prefix) :]: text for name, text in headers.items() if name.startswith(prefix)}


def _read_payload(request: Request, shape: StructureShape, body: ReadBody) -> dict[str, Any]:
    name = shape.serialization.get("payload")
    if not name:
        return body(request.body, shape) if request.body else {}
    payload = shape.members[str(name)]
    if payload.type_name == "blob":
        return {str(name): request.body}
    if payload.type_name == "string":
        return {str(name): request.body.decode()}
    if not isinstance(payload, StructureShape) or not request.body:
        return {}
    return {str(name): body(request.body, payload)}


def write(answer: Mapping[str, Any], operation: OperationModel, headers: Mapping[str, str], body: WriteBody) -> Reply:
    """The reply with an answer; `headers` are the protocol's own."""
    shape = operation.output_shape
    if not isinstance(shape, StructureShape):
        return Reply(_status(operation), b"", headers)
    located = {**headers, **dict(_headers(answer, shape))}
    codes = [answer[name] for name, member in shape.members.items() if _is_status(member) and name in answer]
    return Reply(next(iter(codes), _status(operation)), _write_payload(answer, shape, body), located)


def _headers(answer: Mapping[str, Any], shape: StructureShape) -> Iterator[tuple[str, str]]:
    for member, value in answer.items():
        inner = shape.members[member]
        name = str(inner.serialization.get("name", member))
        match inner.serialization.get("location"):
            case "header" if isinstance(inner, ListShape):
                yield name, ", ".join(text_of(item, inner.member, "rfc822") for item in value)
            case "header":
                yield name, text_of(value, inner, "rfc822")
            case "headers":
                yield from ((name + key, str(text)) for key, text in value.items())


def _write_payload(answer: Mapping[str, Any], shape: StructureShape, body: WriteBody) -> bytes:
    name = shape.serialization.get("payload")
    if not name:
        return body({key: value for key, value in answer.items() if _in_body(shape.members[key])}, shape)
    payload, value = shape.members[str(name)], answer.get(str(name))
    if value is None:
        return b""
    if payload.type_name in STREAMS:
        return value.encode() if isinstance(value, str) else bytes(value)
    return body(value, payload) if isinstance(payload, StructureShape) else b""


def _in_body(shape: Shape) -> bool:
    return "location" not in shape.serialization


def _is_status(shape: Shape) -> bool:
    return shape.serialization.get("location") == "statusCode"


def _status(operation: OperationModel) -> int:
    return int(operation.http.get("responseCode", 200))

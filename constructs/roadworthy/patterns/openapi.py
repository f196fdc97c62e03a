"""What a `PrivateApi` reads of its OpenAPI document."""

import copy
import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from roadworthy.errors import RoadworthyError

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})


class InvalidApiError(RoadworthyError, ValueError):
    """An OpenAPI document of which no API can be made, or an API that API Gateway would refuse."""


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation of a document.

    Attributes:
        method: in lower case, as the document has it.
        path: with its parameters in braces.
        id: its `operationId`; None where it has none.
    """

    method: str
    path: str
    id: str | None = None

    @property
    def any_path(self) -> str:
        """The path as it stands in ARNs: a parameter may have any value."""
        return re.sub(r"\{[^}]*\}", "*", self.path)


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """The operations of a document.

    Raises:
        InvalidApiError: it has none, or is no document.
    """
    paths = document.get("paths")
    items = paths.items() if isinstance(paths, Mapping) else ()
    found = [
        Operation(method, path, item[method].get("operationId"))
        for path, item in items
        for method in (item if isinstance(item, Mapping) else ())
        if method in METHODS and isinstance(item[method], Mapping)
    ]
    if not found:
        raise InvalidApiError(f"OpenAPI document {_title(document)!r} has no operations: name methods under `paths`")
    return found


def title(document: Mapping[str, Any]) -> str:
    """The document's title, which is the API's name.

    Raises:
        InvalidApiError: it has none.
    """
    found = _title(document)
    if not found:
        raise InvalidApiError("the OpenAPI document has no title: API Gateway takes the name from `info.title`")
    return found


def refuse_strangers(document: Mapping[str, Any], ids: Iterable[str]) -> None:
    """Refuse ids that no operation has.

    Raises:
        InvalidApiError: there is one; the message names those that there are.
    """
    known = {operation.id for operation in operations(document) if operation.id}
    for id in ids:
        if id not in known:
            raise InvalidApiError(
                f"functions: OpenAPI document {_title(document)!r} has no operationId {id!r}, but "
                f"{', '.join(sorted(known)) or 'none at all'}"
            )


def integrated(document: Mapping[str, Any], integrations: Mapping[Operation, Mapping[str, Any]]) -> dict[str, Any]:
    """A copy of the document in which each operation has its integration."""
    body = copy.deepcopy(dict(document))
    for operation, integration in integrations.items():
        body["paths"][operation.path][operation.method]["x-amazon-apigateway-integration"] = dict(integration)
    return body


def _title(document: Mapping[str, Any]) -> str:
    info = document.get("info")
    return str(info.get("title") or "") if isinstance(info, Mapping) else ""

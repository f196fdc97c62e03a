"""An answer must be one that AWS could give: checked against the output shape of botocore's model."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from roadworthy.testing.wire.errors import ShapeError

Check = Callable[[Any, Any, str], Any]
NUMBER = (int, float)
TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": NUMBER,
    "double": NUMBER,
    "timestamp": (datetime, *NUMBER),  # UTC, or seconds since 1970
    "blob": (bytes,),
    "string": (str,),
    "char": (str,),
}
# Values that the documentation of a member lists, and its enumeration lacks: ServiceDeployment's `lifecycleStage`.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
DOCUMENTED = {"ServiceDeploymentLifecycleStage": ("PRE_PRODUCTION_TRAFFIC_SHIFT",)}


def checked(value: Any, shape: Shape | None, at: str) -> Any:
    """A copy of an answer, without the members that are None: AWS leaves out what is absent.

    `at` names the place for the message, for example "ecs DescribeServices". An operation without an output
    shape answers `{}`.

    Raises:
        ShapeError: the answer has an unknown member, lacks a required one, or has a value of a wrong type.
    """
    if shape is None:
        return _nothing(value, at)
    check: Check = CHECKS.get(shape.type_name, _scalar)
    return check(value, shape, at)


def _nothing(value: Any, at: str) -> dict[str, Any]:
    if value:
        raise ShapeError(f"{at} answers {value!r}, but AWS answers nothing; return {{}}")
    return {}


def _structure(value: Any, shape: StructureShape, at: str) -> Any:
    if shape.is_document_type:
        return value
    if not isinstance(value, Mapping):
        raise _wrong_type(value, shape, at)
    present = {name: member for name, member in value.items() if member is not None}
    if unknown := present.keys() - shape.members.keys():
        raise ShapeError(f"{at}: {shape.name} has no member {', '.join(sorted(unknown))}; see botocore's model")
    if missing := set(shape.required_members) - present.keys():
        raise ShapeError(f"{at}: {shape.name} must have {', '.join(sorted(missing))}")
    return {name: checked(member, shape.members[name], f"{at} {name}") for name, member in present.items()}


def _list(value: Any, shape: ListShape, at: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _wrong_type(value, shape, at)
    return [checked(item, shape.member, f"{at}[{index}]") for index, item in enumerate(value)]


def _map(value: Any, shape: MapShape, at: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong_type(value, shape, at)
    return {checked(key, shape.key, at): checked(item, shape.value, f"{at}[{key!r}]") for key, item in value.items()}


def _scalar(value: Any, shape: Shape, at: str) -> Any:
    types = TYPES[shape.type_name]
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise _wrong_type(value, shape, at)
    if isinstance(shape, StringShape) and shape.enum and value not in (*shape.enum, *DOCUMENTED.get(shape.name, ())):
        raise ShapeError(f"{at} is {value!r}, but {shape.name} is one of {', '.join(shape.enum)}")
    return value


def _wrong_type(value: Any, shape: Shape, at: str) -> ShapeError:
    return ShapeError(f"{at} is {value!r}, but {shape.name} is a {shape.type_name}")


CHECKS: dict[str, Check] = {"structure": _structure, "list": _list, "map": _map}

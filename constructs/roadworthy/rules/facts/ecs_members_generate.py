"""Write `ecs_members.json` from botocore's model of the ECS API.

    python -m roadworthy.rules.facts.ecs_members_generate

The table says which members the inputs of RegisterTaskDefinition, CreateService and UpdateService have, and of which
type each is. botocore (https://github.com/boto/botocore, Apache-2.0) is needed for this alone, and only its data file.
"""

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("ecs_members.json")
MODEL = Path("data", "ecs", "2014-11-13", "service-2.json.gz")
# What a file can define -> the inputs that it can be, and what AWS answers about it.
DEFINITIONS = {
    "TaskDefinition": (("RegisterTaskDefinitionRequest",), "TaskDefinition"),
    "Service": (("CreateServiceRequest", "UpdateServiceRequest"), "Service"),
}
Type = str | list[Any] | dict[str, Any]


def table() -> dict[str, Any]:
    """The table: `types` (structure -> member -> type), `inputs` and `described` for each definition.

    A type is `string`, `integer`, `boolean`, `double`, `any`, the name of a structure, `[type]` for a list, or
    `{"*": type}` for a map.

    Raises:
        FileNotFoundError: botocore is not installed.
    """
    shapes = _model()["shapes"]
    types: dict[str, dict[str, Type]] = {}
    inputs, described = {}, {}
    for definition, (requests, answer) in DEFINITIONS.items():
        inputs[definition] = {name: kind for request in requests for name, kind in _members(shapes, request, types)}
        described[definition] = sorted(shapes[answer]["members"].keys() - inputs[definition].keys())
    return {"described": described, "inputs": inputs, "types": dict(sorted(types.items()))}


def text(content: dict[str, Any]) -> str:
    """The table as JSON, one line for each structure."""
    sections = []
    for section, entries in content.items():
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items())
        sections.append(f" {json.dumps(section)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _model() -> dict[str, Any]:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("botocore is not installed: its data is what the table is made of")
    with gzip.open(Path(spec.origin).parent / MODEL) as file:
        model: dict[str, Any] = json.load(file)
    return model


def _members(shapes: dict[str, Any], name: str, types: dict[str, dict[str, Type]]) -> list[tuple[str, Type]]:
    members = shapes[name].get("members", {})
    return [(member, _type(shapes, entry["shape"], types)) for member, entry in members.items()]


def _type(shapes: dict[str, Any], name: str, types: dict[str, dict[str, Type]]) -> Type:
    shape = shapes[name]
    if shape.get("document"):
        return "any"
    if shape["type"] == "list":
        return [_type(shapes, shape["member"]["shape"], types)]
    if shape["type"] == "map":
        return {"*": _type(shapes, shape["value"]["shape"], types)}
    if shape["type"] != "structure":
        return str(shape["type"])
    if name not in types:
        types[name] = {}  # before its members: structures may contain themselves
        types[name] = dict(_members(shapes, name, types))
    return name


if __name__ == "__main__":
    TABLE.write_text(text(table()), encoding="utf-8")

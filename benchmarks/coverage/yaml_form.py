"""A template as people write it in YAML, with `!Ref`, `!Sub` and the like."""

from typing import Any

import yaml


class _Short(yaml.SafeDumper):
    """Writes `{"Fn::X": value}` as `!X value`."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(template: dict[str, Any]) -> str:
    """The template in YAML, with short intrinsics."""
    return yaml.dump(template, Dumper=_Short, sort_keys=False, width=120)


def _represent(dumper: _Short, data: dict[str, Any]) -> yaml.Node:
    key = next(iter(data)) if len(data) == 1 else ""
    if key != "Ref" and not key.startswith("Fn::"):
        return dumper.represent_mapping("tag:yaml.org,2002:map", data.items())
    value = data[key]
    if key == "Fn::GetAtt":
        value = ".".join(value)
    tag = "!" + key.removeprefix("Fn::")
    if isinstance(value, str):
        return dumper.represent_scalar(tag, value)
    if isinstance(value, dict):
        return dumper.represent_mapping(tag, value.items())
    return dumper.represent_sequence(tag, value)


_Short.add_representer(dict, _represent)

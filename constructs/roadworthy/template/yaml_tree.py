"""YAML with CloudFormation's short intrinsics (`!Ref`, `!GetAtt A.B`) as the same tree that JSON gives.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import re
from typing import Any

import yaml

from roadworthy.template.problems import NotATemplate, UnreadableError

try:
    from yaml import CSafeLoader as FastLoader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as FastLoader  # type: ignore[assignment]

VALUES = 2_000_000  # aliases that expand to more are a bomb, not a template
LEVELS = 200  # of nesting; CloudFormation's own templates have a tenth of that
DEEP_LINES = re.compile(r"^[-?: ]{2,}", re.MULTILINE)  # indentation, with the marks of lists in it
A_TEMPLATE = re.compile(r"^(?:Resources|AWSTemplateFormatVersion)\b", re.MULTILINE)
WITHOUT_PREFIX = {"Ref", "Condition"}  # every other short form `!X` is `Fn::X`


class Loader(FastLoader):
    """Plain values and CloudFormation's tags; nothing that YAML would turn into dates, sets or Python objects."""

    repeats = False  # whether a mapping may have a key twice


class Repeating(dict[str, Any]):
    """The top of a tree in which some mapping may have had a key twice; of those values only the last is there."""


def load(text: str, file: str) -> Any:
    """The tree of a YAML text.

    Raises:
        UnreadableError: it is malformed, nested too deeply, or its aliases do not end.
        NotATemplate: it holds several documents, as Kubernetes manifests do.
    """
    try:
        _refuse_deep_nesting(text, file)
        tree = _tree(text)
        _refuse_bombs(tree, file)
    except yaml.MarkedYAMLError as error:
        if error.problem == "but found another document" and not A_TEMPLATE.search(text):
            raise NotATemplate("several YAML documents in one file") from None
        mark = error.problem_mark
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise UnreadableError(f"{where}: malformed YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise UnreadableError(f"{file}: malformed YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise UnreadableError(f"{file}: nested too deeply to be a template") from None
    except (ValueError, TypeError, LookupError) as error:  # a tag that does not fit its value: `!!int x`
        raise UnreadableError(f"{file}: malformed YAML: {error}") from None
    return tree


def _tree(text: str) -> Any:
    loader = Loader(text)
    try:
        tree = loader.get_single_data()
    finally:
        loader.dispose()
    return Repeating(tree) if loader.repeats and isinstance(tree, dict) else tree


def function_of(tag: str) -> str:
    """The long name of a short intrinsic: `!Sub` -> `Fn::Sub`, `!Ref` -> `Ref`."""
    name = tag.removeprefix("!")
    return name if name in WITHOUT_PREFIX or name.startswith("Fn::") else f"Fn::{name}"


def _intrinsic(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    argument: Any
    if isinstance(node, yaml.ScalarNode):
        argument = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        argument = loader.construct_mapping(node, deep=True)
    return {function_of(suffix): argument}


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    mapping = {_key(loader, key): loader.construct_object(value, deep=True) for key, value in node.value}
    if len(mapping) != len(node.value):
        loader.repeats = True
    return mapping


def _key(loader: Any, node: yaml.Node) -> str:
    """Keys are texts, as in JSON: an account id or `on` is what was written. CloudFormation reads them so as well."""
    if not isinstance(node, yaml.ScalarNode):  # `{{ cpu }}`, which a template engine has yet to fill in
        raise yaml.constructor.ConstructorError(None, None, "a key that is no text", node.start_mark)
    return str(node.value)


def _text(loader: Any, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


def _refuse_deep_nesting(text: str, file: str) -> None:
    """Follow the levels by events, which libyaml keeps on no stack; composing them, it recurses until it crashes.

    Only a text that could be that deep pays for it: a level takes a bracket or a column.
    """
    if len(re.findall(r"[\[{]", text)) + max(map(len, DEEP_LINES.findall(text)), default=0) * 2 < LEVELS:
        return
    level = 0
    for event in yaml.parse(text, Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
        if level > LEVELS:
            raise UnreadableError(f"{file}: nested too deeply to be a template")


def _refuse_bombs(tree: Any, file: str) -> None:
    """Count the values as if every alias were written out, without writing them out."""
    counts: dict[int, int] = {}

    def count(value: Any) -> int:
        if not isinstance(value, dict | list):
            return 1
        known = counts.get(id(value))
        if known is None:
            counts[id(value)] = VALUES  # met again while it is counted: it contains itself
            children = value.values() if isinstance(value, dict) else value
            known = counts[id(value)] = 1 + sum(count(child) for child in children)
        return known

    if count(tree) >= VALUES:
        raise UnreadableError(f"{file}: its YAML aliases expand without an end; write the values out")


Loader.add_multi_constructor("!", _intrinsic)
Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
for _tag in ("timestamp", "binary"):
    Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _text)
# YAML 1.1 reads 0123 as octal, 1:30 as base 60 and `=` as a tag; CloudFormation keeps what was written.
Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.removeprefix("tag:yaml.org,2002:") not in {"int", "float", "timestamp", "value"}
    ]
    for first, resolvers in FastLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), list("-+0123456789")
)
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+$"), list("-+.0123456789")
)

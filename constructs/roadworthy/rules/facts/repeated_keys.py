"""Mappings of a file that have a key twice. The parsers keep the last value, so that only the text tells.

JSON is parsed once more, with a hook, unless CDK wrote it or it is larger than CloudFormation takes: machines repeat no
keys. YAML's parser notices repeated keys by itself; only then the text is read again, to find them.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from roadworthy.template.document import Document
from roadworthy.template.node import Key

LARGEST = 1024 * 1024  # characters; CloudFormation takes 1 MB
Path = tuple[Key, ...]
MERGE = "<<"


def repeated_keys(document: Document) -> Iterator[tuple[Path, int]]:
    """The path of each repeated key (whose value is the last one), and how often it is written."""
    if document.syntax == "json":
        return _in_json(document)
    return _in_yaml(document) if type(document.tree) is not dict else iter(())


class _Repeating(dict[str, Any]):
    """A mapping with keys that are written several times."""

    counts: dict[str, int]


def _in_json(document: Document) -> Iterator[tuple[Path, int]]:
    if document.synthesized or len(document.text) > LARGEST:
        return
    seen: list[_Repeating] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        repeating = _Repeating(found)
        repeating.counts = _repeated([key for key, _ in pairs])
        seen.append(repeating)
        return repeating

    try:
        tree = json.loads(document.text, object_pairs_hook=mapping)
    except (ValueError, RecursionError):
        return  # YAML's flow style, which begins with a brace
    if seen:
        yield from _walk(tree)


def _repeated(keys: list[str]) -> dict[str, int]:
    return {key: count for key, count in Counter(keys).items() if count > 1}


def _walk(tree: Any) -> Iterator[tuple[Path, int]]:
    pending: list[tuple[Path, Any]] = [((), tree)]
    while pending:
        path, raw = pending.pop()
        if isinstance(raw, _Repeating):
            yield from (((*path, key), count) for key, count in raw.counts.items())
        children = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
        pending += [((*path, key), value) for key, value in children]


def _in_yaml(document: Document) -> Iterator[tuple[Path, int]]:
    import yaml  # noqa: PLC0415 - JSON files never pay for it

    from roadworthy.template.yaml_tree import Loader, Repeating, function_of  # noqa: PLC0415

    if not isinstance(document.tree, Repeating):
        return
    pending: list[tuple[Path, Any]] = [((), yaml.compose(document.text, Loader))]
    seen: set[int] = set()
    while pending:
        path, node = pending.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        path = (*path, function_of(node.tag)) if node.tag.startswith("!") else path
        if isinstance(node, yaml.MappingNode):
            keys = [str(key.value) for key, _ in node.value]
            yield from (((*path, key), count) for key, count in _repeated(keys).items() if key != MERGE)
            pending += [((*path, key), value) for key, (_, value) in zip(keys, node.value, strict=True)]
        elif isinstance(node, yaml.SequenceNode):
            pending += [((*path, index), value) for index, value in enumerate(node.value)]

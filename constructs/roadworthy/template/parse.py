"""Bytes -> text -> tree."""

import json
import re
from typing import Any

from roadworthy.garbage import no_garbage_collection
from roadworthy.template.pattern import Pattern
from roadworthy.template.problems import NotATemplate, UnreadableError

# What Jinja, Go, ERB and shells leave in a text that is therefore neither JSON nor YAML.
MARKERS = Pattern(
    r"\{%[-\s]|\{\{(?!resolve:)[-\s]*[\w.$\"]|<%[=\s]|^\s*\$\{?\w+\}?\s*$|:\s*\$\{?\w+\}?\s*([,}\]]|$)", re.MULTILINE
)


def decode(data: bytes, file: str) -> str:
    """The text of a file: UTF-8, with or without byte order mark, or UTF-16 with one."""
    if b"\0" in data[:4096] and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        raise NotATemplate("binary file")
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"{file}: not valid {encoding} at byte {error.start}; save the file as UTF-8"
        raise UnreadableError(message) from None


def parse(text: str, file: str) -> tuple[str, Any]:
    """The syntax ("json" or "yaml") and the tree of a file's text.

    A name that ends in `.json`, or a text that begins as JSON does, is JSON; anything else is YAML.

    Raises:
        UnreadableError: the text is neither, with line and column.
        NotATemplate: the text is empty, or a template engine has yet to make it JSON or YAML.
    """
    start = text.lstrip()[:1]
    if not start:
        raise NotATemplate("empty file")
    syntax = "json" if file.lower().endswith(".json") or start == "{" else "yaml"
    try:
        with no_garbage_collection():
            return _json(text, file) if syntax == "json" else ("yaml", _yaml(text, file))
    except UnreadableError:
        if MARKERS.search(text):
            raise NotATemplate("templated file: render it first") from None
        raise


def _json(text: str, file: str) -> tuple[str, Any]:
    try:
        return "json", json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{file}:{error.lineno}:{error.colno}: malformed JSON: {error.msg[0].lower()}{error.msg[1:]}"
        if not file.lower().endswith(".json"):
            return "yaml", _yaml(text, file)  # YAML's flow style begins with a brace, too
        raise UnreadableError(message) from None
    except RecursionError:
        raise UnreadableError(f"{file}: nested too deeply to be a template") from None
    except ValueError as error:  # a number of thousands of digits
        raise UnreadableError(f"{file}: malformed JSON: {error}") from None


def _yaml(text: str, file: str) -> Any:
    # PyYAML costs three times what reading a JSON template does: only YAML files pay for it.
    from roadworthy.template.yaml_tree import load  # noqa: PLC0415

    return load(text, file)

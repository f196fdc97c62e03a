"""Values in raw ECS files have the types that the API takes.

## Why is this bad?

The AWS command line, the SDKs and the API itself refuse a text where a number is due, and the other way round:
`Invalid type for parameter containerDefinitions[0].cpu, value: 256, type: <class 'str'>, valid types: <class 'int'>`.
A container's `cpu` and `memory` are numbers, the task's are texts; the value of an environment variable is a text;
`environment` is a list. CloudFormation converts, so templates are left alone, and so are placeholders that a pipeline
fills in.

## Example

```json fails
{
  "family": "shop",
  "containerDefinitions": [{"name": "api", "image": "api:82f44fb", "cpu": "256"}]
}
```

```json passes
{
  "family": "shop",
  "containerDefinitions": [{"name": "api", "image": "api:82f44fb", "cpu": 256}]
}
```
"""

import json
from collections.abc import Iterator
from typing import Any

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.ecs_members import TYPE, deviations, is_raw
from roadworthy.rules.facts.image import PLACEHOLDER
from roadworthy.template.document import Document
from roadworthy.template.pattern import Pattern

NUMBER = Pattern(r"-?[0-9]+")
SHOWN = 60  # characters of a value


@rule(
    "raw-json-type-error",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
)
def check(document: Document) -> Iterator[Finding]:
    """Report values of another type than the API takes."""
    for found in deviations(document) if is_raw(document) else ():
        raw, expected = found.at.raw, found.expected
        if found.what == TYPE and not (isinstance(raw, str) and _may_be_filled_in(raw, expected)):
            yield Finding(
                at=found.at,
                message=f"`{found.name}` is {_shown(raw)}, the API takes {_described(expected)}",
                fix=_fix(raw, expected),
            )


def _may_be_filled_in(text: str, expected: Any) -> bool:
    if isinstance(expected, str) and expected in {"integer", "double"}:
        return not NUMBER.fullmatch(text)
    return not text or bool(PLACEHOLDER.search(text))


def _shown(raw: Any) -> str:
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    text = json.dumps(raw, ensure_ascii=False, default=str)
    kind = "the text" if isinstance(raw, str) else "the truth value" if isinstance(raw, bool) else "the number"
    return f"{kind} `{text if len(text) <= SHOWN else text[:SHOWN] + '…'}`"


def _described(expected: Any) -> str:
    if isinstance(expected, list):
        return "a list"
    names = {"string": "a text", "integer": "a number", "double": "a number", "boolean": "`true` or `false`"}
    return names.get(expected, "a mapping") if isinstance(expected, str) else "a mapping"


def _fix(raw: Any, expected: Any) -> str:
    if expected == "string" and isinstance(raw, int | float):
        return f'Write `"{json.dumps(raw)}"`, with quotation marks'
    if isinstance(raw, str) and isinstance(expected, str) and expected != "string":
        return f"Write `{raw}` without quotation marks" if len(raw) < SHOWN else "Write it without quotation marks"
    if isinstance(expected, list) and isinstance(raw, dict):
        return "Write a list of mappings, one for each entry"
    return f"Write {_described(expected)}"

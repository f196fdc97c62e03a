"""A variant: what is right, with one mistake in it, or with something that only looks like one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.coverage import good
from benchmarks.coverage.edits import Edit, Template
from benchmarks.coverage.yaml_form import as_yaml

Files = dict[str, Any]  # file name -> a JSON value, or the text itself
TEMPLATE = "template.json"


class Variant(NamedTuple):
    """One case.

    Attributes:
        rule: the rule that must speak; "" for a trap, of which no rule may.
        name: what is different, in a few words.
        files: makes its files.
        also: other rules that may rightly speak of the same mistake.
    """

    rule: str
    name: str
    files: Callable[[], Files]
    also: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The name of its folder: `rule.the-name`."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.name).split()
        return f"{self.rule or 'trap'}.{'-'.join(words)}"

    def write(self, folder: Path) -> list[Path]:
        """Write its files into a folder of its own below `folder`."""
        home = folder / self.id
        home.mkdir(parents=True)
        for name, content in self.files().items():
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            (home / name).write_text(text, encoding="utf-8")
        return [home / name for name in self.files()]


def broken(rule: str, name: str, *edits: Edit, also: str = "", yaml: bool = False) -> Variant:
    """The right template with edits that break it; `yaml` writes it with YAML's short forms (`!Ref`)."""

    def files() -> Files:
        template = _edited(good.template(), edits)
        return {"template.yaml": as_yaml(template)} if yaml else {TEMPLATE: template}

    return Variant(rule, name, files, frozenset(also.split()))


def trap(name: str, *edits: Edit, yaml: bool = False) -> Variant:
    """The right template with edits that leave it right."""
    return broken("", name, *edits, yaml=yaml)


def synthesized(rule: str, name: str, *edits: Edit, region: str = "eu-west-1", also: str = "") -> Variant:
    """The same in a cloud assembly, which says in which account and region the stack will be."""

    def files() -> Files:
        artifact = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://111122223333/{region}",
            "properties": {"templateFile": "Orders.template.json"},
        }
        manifest = {"version": "48.0.0", "artifacts": {"Orders": artifact}}
        return {"manifest.json": manifest, "Orders.template.json": _edited(good.template(), edits)}

    return Variant(rule, name, files, frozenset(also.split()))


def broken_raw(rule: str, name: str, *edits: Edit, only: str = "", also: str = "") -> Variant:
    """The right raw definitions with edits; `only` writes one of the two files."""

    def files() -> Files:
        definitions = _edited(good.definitions(), edits)
        return {only: definitions[only]} if only else definitions

    return Variant(rule, name, files, frozenset(also.split()))


def written(rule: str, name: str, file: str, text: Callable[[], str], also: str = "") -> Variant:
    """A file whose text no JSON value can say."""
    return Variant(rule, name, lambda: {file: text()}, frozenset(also.split()))


def _edited(template: Template, edits: tuple[Edit, ...]) -> Template:
    for edit in edits:
        edit(template)
    return template

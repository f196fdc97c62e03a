"""What is known of a value: intrinsic functions evaluated as far as the template tells, never further.

A parameter with a default resolves to that default, and says so in `Possible.assumed`: whoever deploys may override it,
so that a finding that rests on it is a warning. Pseudo parameters and parameters without a default stay references.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from roadworthy.template.conditions import When, possible, together
from roadworthy.template.node import Node
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import UNKNOWN, Possible, Reference, Value, joined, known_number, known_text

# A value that needs more than this is unknown: real ones need less than a tenth.
STEPS = 2_000
DEPTH = 30
ALTERNATIVES = 32
TEXT_LENGTH = 100_000

# What is put in later: by CloudFormation a secret or a parameter (`{{resolve:...}}`), by a template engine anything.
DYNAMIC = "{{"
DYNAMIC_REFERENCE = Pattern(r"\{\{[^}]*\}\}")
SUBSTITUTION = Pattern(r"\$\{(!?)([^${}]*)\}")


def resolve(node: Node) -> list[Possible]:
    """Every value that `node` can have. An absent one (AWS::NoValue) has none; an undecidable one is UNKNOWN."""
    raw = node.raw
    if type(raw) is str and DYNAMIC not in raw:  # nearly always: there is nothing to evaluate
        return [Possible(raw, node.when)]
    return _Resolution().of(node)


def values(node: Node, name: str) -> Iterator[tuple[Node, Possible]]:
    """Every value of the property `name` of `node`, each with the place where it is written."""
    for place in node.get(name):
        for value in resolve(place):
            yield place, value


class _Resolution:
    """One evaluation, with its limits."""

    def __init__(self) -> None:
        self._steps = STEPS
        self._depth = 0

    def of(self, node: Node) -> list[Possible]:
        self._steps -= 1
        if self._steps < 0 or self._depth > DEPTH:
            return [Possible(UNKNOWN, node.when)]
        self._depth += 1
        try:
            return self._evaluate(node)
        finally:
            self._depth -= 1

    def _evaluate(self, node: Node) -> list[Possible]:
        raw = node.raw
        if isinstance(raw, str):
            return [Possible(_with_dynamic_references(raw), node.when)]
        if isinstance(raw, int | float):
            return [Possible(raw, node.when)]
        if isinstance(raw, dict) and len(raw) == 1:
            (function,) = raw
            if function in FUNCTIONS:
                return FUNCTIONS[function](self, node.child(function))
            if function == "Fn::If":
                branches = [branch for branch in islice(node.branches(), ALTERNATIVES + 1) if branch.raw is not raw]
                if len(branches) > ALTERNATIVES:
                    return [Possible(UNKNOWN, node.when)]
                return [value for branch in branches for value in self.of(branch)] or _absent_or_unknown(node)
        return [Possible(UNKNOWN, node.when)]

    def ref(self, argument: Node) -> list[Possible]:
        return self.reference(argument, argument.raw) if isinstance(argument.raw, str) else self.unknown(argument)

    def reference(self, node: Node, name: str) -> list[Possible]:
        """What `Ref: name` says at `node`."""
        document = node.document
        parameter = document.parameters.get(name)
        if name == "AWS::NoValue":
            return []
        if isinstance(parameter, dict) and name not in document.resources:
            given = document.arguments
            if given is not None and isinstance(given.raw, dict) and name in given.raw:
                return self._elsewhere(node, given.child(name))
            default = parameter.get("Default")
            if isinstance(default, str | int | float) and str(parameter.get("Type")) in {"String", "Number"}:
                return [Possible(default, node.when, frozenset({name}))]
        return [Possible(Reference(document, name), node.when)]

    def get_att(self, argument: Node) -> list[Possible]:
        raw = argument.raw
        if isinstance(raw, str):
            return self.attribute(argument, raw)
        if isinstance(raw, list) and raw and all(isinstance(part, str) for part in raw):
            return self.attribute(argument, ".".join(raw))
        return self.unknown(argument)

    def attribute(self, node: Node, text: str) -> list[Possible]:
        """What `Fn::GetAtt` of `Name.Attribute` says at `node`; outputs of nested stacks are looked up."""
        name, _, attribute = text.partition(".")
        nested = node.document.nested.get(name)
        if nested is not None and attribute.startswith("Outputs."):
            output = nested.output(attribute.removeprefix("Outputs."))
            return self._elsewhere(node, output) if output else self.unknown(node)
        return [Possible(Reference(node.document, name, attribute), node.when)]

    def sub(self, argument: Node) -> list[Possible]:
        template, names = argument, None
        if isinstance(argument.raw, list) and argument.raw:
            template = argument.child(0)
            names = argument.child(1) if len(argument.raw) > 1 and isinstance(argument.raw[1], dict) else None
        if not isinstance(template.raw, str):
            return self.unknown(argument)
        pieces: list[list[Possible]] = []
        end = 0
        for match in SUBSTITUTION.finditer(template.raw):
            pieces.append([Possible(_with_dynamic_references(template.raw[end : match.start()]), argument.when)])
            pieces.append(self._substitute(match, argument, names))
            end = match.end()
        pieces.append([Possible(_with_dynamic_references(template.raw[end:]), argument.when)])
        return self._concatenate(argument, pieces, "")

    def _substitute(self, match: re.Match[str], at: Node, names: Node | None) -> list[Possible]:
        literal, name = match[1], match[2].strip()
        if literal:
            return [Possible(f"${{{name}}}", at.when)]
        if names is not None and name in names.raw:
            return self.of(names.child(name))
        return self.attribute(at, name) if "." in name else self.reference(at, name)

    def join(self, argument: Node) -> list[Possible]:
        raw = argument.raw
        if not (isinstance(raw, list) and len(raw) == 2 and isinstance(raw[0], str)):  # noqa: PLR2004 - it takes two
            return self.unknown(argument)
        pieces = self._list(argument.child(1))
        return self.unknown(argument) if pieces is None else self._concatenate(argument, pieces, raw[0])

    def select(self, argument: Node) -> list[Possible]:
        raw = argument.raw
        if not (isinstance(raw, list) and len(raw) == 2):  # noqa: PLR2004 - it takes two
            return self.unknown(argument)
        index = self.of(argument.child(0))
        number = known_number(index[0].value) if len(index) == 1 else None
        pieces = self._list(argument.child(1))
        if number is None or pieces is None or number >= len(pieces):
            return self.unknown(argument)
        return pieces[number]

    def find_in_map(self, argument: Node) -> list[Possible]:
        raw = argument.raw
        if not (isinstance(raw, list) and len(raw) == 3):  # noqa: PLR2004 - map, first key, second key
            return self.unknown(argument)
        keys = [self.of(argument.child(index)) for index in range(3)]
        texts = [known_text(key[0].value) if len(key) == 1 else None for key in keys]
        found = argument.document.mappings
        for text in texts:
            found = found.get(text) if isinstance(found, dict) and text is not None else None  # type: ignore[assignment]
        if not isinstance(found, str | int | float):
            return self.unknown(argument)
        return [Possible(found, argument.when, frozenset().union(*(key[0].assumed for key in keys)))]

    def import_value(self, argument: Node) -> list[Possible]:
        name = self.of(argument)
        export = argument.document.exports.get(known_text(name[0].value) or "") if len(name) == 1 else None
        return self._elsewhere(argument, export) if export else self.unknown(argument)

    def unknown(self, node: Node) -> list[Possible]:
        return [Possible(UNKNOWN, node.when)]

    def _elsewhere(self, node: Node, source: Node) -> list[Possible]:
        """The values of `source`, in another document, as seen at `node`: under the conditions of both."""
        found = [value._replace(when=value.when | node.when) for value in self.of(source)]
        return [value for value in found if possible(value.when)]

    def _list(self, node: Node) -> list[list[Possible]] | None:
        """The items of a list, each with its possible values; None when the list or its length is not known."""
        raw = node.raw
        if isinstance(raw, list):
            return [self.of(node.child(index)) for index in range(len(raw))]
        split = raw.get("Fn::Split") if isinstance(raw, dict) and len(raw) == 1 else None
        if isinstance(split, list) and len(split) == 2 and isinstance(split[0], str) and split[0]:  # noqa: PLR2004
            whole = self.of(node.child("Fn::Split").child(1))
            text = known_text(whole[0].value) if len(whole) == 1 else None
            return None if text is None else [[whole[0]._replace(value=piece)] for piece in text.split(split[0])]
        return None

    def _concatenate(self, node: Node, pieces: list[list[Possible]], separator: str) -> list[Possible]:
        """Every text that the pieces can make together; pieces that are absent (AWS::NoValue) leave no separator."""
        found: list[tuple[list[Value], Possible]] = [([], Possible("", node.when))]
        for piece in pieces:
            combined = [
                ([*values, choice.value], Possible("", *_joined(so_far, choice)))
                for values, so_far in found
                for choice in piece
                if so_far.when == choice.when or possible(so_far.when, choice.when)
            ]
            found = combined if piece else found
            if len(found) > ALTERNATIVES:
                return self.unknown(node)
        return [total._replace(value=_glued(values, separator)) for values, total in found]


def _joined(one: Possible, other: Possible) -> tuple[When, frozenset[str]]:
    """The conditions and the assumed defaults of both."""
    return together(one.when, other.when), together(one.assumed, other.assumed)


def _glued(pieces: list[Value], separator: str) -> Value:
    with_separators: list[Value] = []
    for piece in pieces:
        with_separators += [separator, piece] if with_separators and separator else [piece]
    kept = [piece for piece in with_separators if piece != ""]
    text = joined(kept) if kept else ""
    return UNKNOWN if isinstance(text, str) and len(text) > TEXT_LENGTH else text


def _with_dynamic_references(text: str) -> Value:
    """The text, unknown where CloudFormation or a template engine will put something (`{{...}}`)."""
    if DYNAMIC not in text:
        return text
    pieces: list[Value] = []
    for index, literal in enumerate(DYNAMIC_REFERENCE.split(text)):
        pieces += [UNKNOWN, literal] if index else [literal]
    return joined([piece for piece in pieces if piece != ""] or [""])


def _absent_or_unknown(node: Node) -> list[Possible]:
    """An `Fn::If` whose branches are all absent has no value; one that is malformed has an unknown one."""
    return [] if next(iter(node.branches()), None) is None else [Possible(UNKNOWN, node.when)]


FUNCTIONS: dict[str, Callable[[_Resolution, Node], list[Possible]]] = {
    "Ref": _Resolution.ref,
    "Fn::GetAtt": _Resolution.get_att,
    "Fn::Sub": _Resolution.sub,
    "Fn::Join": _Resolution.join,
    "Fn::Select": _Resolution.select,
    "Fn::FindInMap": _Resolution.find_in_map,
    "Fn::ImportValue": _Resolution.import_value,
}

"""Conditions evaluated jointly: can two places of a template exist in the same deployment?

A place stands under literals such as "condition A holds". `possible` asks whether literals can hold together, looking
through the template's `Conditions`: `Not A` excludes `A`, `Equals(P, 'x')` excludes `Equals(P, 'y')`.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

# The search tries values of few parameters; past this many steps it gives up and answers "not shown to be possible".
SEARCH_STEPS = 1_000
DEPTH = 30  # of conditions that use conditions


class Equals(NamedTuple):
    """`variable` has the value `literal`."""

    variable: str
    literal: str


class Not:
    """`part` does not hold."""

    def __init__(self, part: "Formula") -> None:
        self.part = part


class Both:
    """Every part holds."""

    def __init__(self, parts: "tuple[Formula, ...]") -> None:
        self.parts = parts


class Either:
    """Some part holds."""

    def __init__(self, parts: "tuple[Formula, ...]") -> None:
        self.parts = parts


Formula = bool | Equals | Not | Both | Either
# The value of a variable that is none of the literals it is compared with.
OTHER = "\0other"


class Conditions:
    """The `Conditions` of one template, with the values that its parameters allow."""

    def __init__(self, definitions: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._parameters = parameters
        self._formulas: dict[str, Formula] = {}
        self._answers: dict[frozenset[tuple[str, bool]], bool] = {}

    def possible(self, literals: frozenset[tuple[str, bool]]) -> bool:
        """Whether the conditions can have these values at once. False too when that is too hard to show."""
        answer = self._answers.get(literals)
        if answer is None:
            answer = self._answers[literals] = self._search(literals)
        return answer

    def _search(self, literals: frozenset[tuple[str, bool]]) -> bool:
        goal = Both(tuple(self._named(name, 0) if holds else Not(self._named(name, 0)) for name, holds in literals))
        return _Search(goal, self._parameters).succeeds({})

    def _named(self, name: str, depth: int) -> Formula:
        if name not in self._formulas:
            # A condition without (or with a circular) definition can be true or false: a variable of its own.
            unknown = Equals(f"Condition {name}", "true")
            if name not in self._definitions or depth > DEPTH:
                return unknown
            self._formulas[name] = unknown
            self._formulas[name] = self._formula(self._definitions[name], depth + 1)
        return self._formulas[name]

    def _formula(self, raw: Any, depth: int) -> Formula:
        if isinstance(raw, dict) and len(raw) == 1:
            ((function, argument),) = raw.items()
            parts = argument if isinstance(argument, list) else []
            if function == "Condition" and isinstance(argument, str):
                return self._named(argument, depth)
            if function == "Fn::Equals" and len(parts) == 2:  # noqa: PLR2004 - it takes two
                return _equals(parts[0], parts[1])
            if depth <= DEPTH and parts and function in {"Fn::And", "Fn::Or", "Fn::Not"}:
                inner = tuple(self._formula(part, depth + 1) for part in parts)
                return (
                    Both(inner) if function == "Fn::And" else Either(inner) if function == "Fn::Or" else Not(inner[0])
                )
        return Equals(f"Formula {_canonical(raw)}", "true")


class Literal(NamedTuple):
    """Condition `name` of a template has the value `holds`."""

    conditions: Conditions
    name: str
    holds: bool


When = frozenset[Literal]
ALWAYS: When = frozenset()
T = TypeVar("T")


def together(*sets: frozenset[T]) -> frozenset[T]:
    """The union of conditions (or of assumed parameters). Nearly always all are empty: then no new set is made."""
    filled = [each for each in sets if each]
    return filled[0].union(*filled[1:]) if filled else sets[0]


def possible(*whens: When) -> bool:
    """Whether all the literals of `whens` can hold in one deployment; those of different templates are independent."""
    if not any(whens):  # nearly always
        return True
    groups: dict[Conditions, set[tuple[str, bool]]] = {}
    for conditions, name, holds in ALWAYS.union(*whens):
        groups.setdefault(conditions, set()).add((name, holds))
    return all(conditions.possible(frozenset(group)) for conditions, group in groups.items())


class _Search:
    """Looks for values of the variables that make the goal true, one variable at a time."""

    def __init__(self, goal: Formula, parameters: Mapping[str, Any]) -> None:
        self._goal = goal
        self._steps = SEARCH_STEPS
        self._domains: dict[str, set[str]] = {}
        self._collect(goal, set())
        for variable, domain in self._domains.items():
            declared = parameters.get(variable.removeprefix("Ref "))
            self._domains[variable] = _allowed(declared) or domain | {OTHER}

    def succeeds(self, values: dict[str, str]) -> bool:
        self._steps -= 1
        verdict = _evaluate(self._goal, values, {})
        if verdict is not None or self._steps < 0:
            return verdict is True
        variable = next(name for name in self._domains if name not in values)
        return any(self.succeeds({**values, variable: value}) for value in sorted(self._domains[variable]))

    def _collect(self, formula: Formula, seen: set[int]) -> None:
        if id(formula) in seen:  # conditions share conditions: looked at each time they would not end
            return
        seen.add(id(formula))
        if isinstance(formula, Equals):
            self._domains.setdefault(formula.variable, set()).add(formula.literal)
        for part in _parts(formula):
            self._collect(part, seen)


def _parts(formula: Formula) -> "tuple[Formula, ...]":
    if isinstance(formula, Not):
        return (formula.part,)
    return formula.parts if isinstance(formula, Both | Either) else ()


def _evaluate(formula: Formula, values: Mapping[str, str], known: dict[int, bool | None]) -> bool | None:
    """True, False, or None while the variables that decide it have no value. `known`: answers of shared parts."""
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, Equals):
        value = values.get(formula.variable)
        return None if value is None else value == formula.literal
    if id(formula) not in known:
        known[id(formula)] = _combined(formula, [_evaluate(part, values, known) for part in _parts(formula)])
    return known[id(formula)]


def _combined(formula: Formula, verdicts: list[bool | None]) -> bool | None:
    if isinstance(formula, Not):
        return None if verdicts[0] is None else not verdicts[0]
    deciding = isinstance(formula, Either)  # one true part decides Or, one false part decides And
    if deciding in verdicts:
        return deciding
    return None if None in verdicts else not deciding


def _equals(left: Any, right: Any) -> Formula:
    left_is_literal, right_is_literal = _is_scalar(left), _is_scalar(right)
    if left_is_literal and right_is_literal:
        return _literal(left) == _literal(right)
    if right_is_literal:
        return Equals(_variable(left), _literal(right))
    if left_is_literal:
        return Equals(_variable(right), _literal(left))
    one, other = sorted((_variable(left), _variable(right)))
    return True if one == other else Equals(f"{one} = {other}", "true")


def _variable(raw: Any) -> str:
    if isinstance(raw, dict) and len(raw) == 1 and isinstance(raw.get("Ref"), str):
        return f"Ref {raw['Ref']}"
    return _canonical(raw)


def _canonical(raw: Any) -> str:
    try:
        return json.dumps(raw, sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):
        return f"object {id(raw)}"


def _literal(raw: Any) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def _is_scalar(raw: Any) -> bool:
    return isinstance(raw, str | int | float)


def _allowed(parameter: Any) -> set[str]:
    """The values that a parameter allows; empty when it allows any."""
    values = parameter.get("AllowedValues") if isinstance(parameter, dict) else None
    return {_literal(value) for value in values if _is_scalar(value)} if isinstance(values, list) else set()

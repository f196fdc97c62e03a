"""The comparison as Markdown, and its place in docs/benchmarks.md."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks.patterns.features import FEATURES
from benchmarks.patterns.findings import Findings, Said
from benchmarks.patterns.lines import Length

BEGIN, END = "<!-- written by python -m benchmarks.patterns --write -->", "<!-- until here -->"
HEADER = ["", "lines of code", "statements", "CDK", "Roadworthy", "cdk-nag", "cfn-lint", "waivers"]


class Row(NamedTuple):
    """What one way of writing the system takes.

    Attributes:
        length: of its source.
        findings: what is said of it.
        waived: how many waivers stand in its source; a library may bring others.
    """

    length: Length
    findings: Findings
    waived: int


def markdown(rows: Mapping[str, Row]) -> str:
    """The features, the table, and every finding and waiver by name."""
    parts = [
        f"Each makes: {'; '.join(FEATURES)}.",
        "\n".join([_line(HEADER), _line(["---"] * len(HEADER)), *(_row(name, row) for name, row in rows.items())]),
        "\n".join(line for name, row in rows.items() for line in _named(name, row.findings)),
    ]
    return "\n\n".join(parts)


def written(page: str, section: str) -> str:
    """`page` with the section between the marks replaced.

    Raises:
        ValueError: the page lacks the marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"there is no {BEGIN} with {END} after it")
    return f"{before}{begin}\n\n{section}\n\n{end}{after}"


def _row(name: str, row: Row) -> str:
    said = row.findings
    ours = f"{said.errors.total()} errors, {said.warnings.total()} warnings"
    waivers = f"{len(said.waivers)}, {row.waived} in the app" if said.waivers else "0"
    counts = [said.cdk.total(), ours, said.nag.total(), said.lint.total(), waivers]
    return _line([name, str(row.length.code), str(row.length.logical), *map(str, counts)])


def _named(name: str, findings: Findings) -> Iterator[str]:
    groups = {"Roadworthy": findings.errors + findings.warnings, "cdk-nag": findings.nag, "CDK": findings.cdk}
    for check, said in {**groups, "cfn-lint": findings.lint}.items():
        if said:
            yield f"- {name}, {check}: {_rules(said)}"
    if findings.waivers:
        waived = Counter((rule, reason) for (_, rule), reason in findings.waivers.items())
        yield f"- {name}, waived:"
        yield from (f"  - `{rule}`{_times(count)}: {reason}" for (rule, reason), count in sorted(waived.items()))


def _rules(said: Said) -> str:
    return ", ".join(f"`{rule}`{_times(count)}" for rule, count in sorted(said.items()))


def _times(count: int) -> str:
    return f" x {count}" if count > 1 else ""


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

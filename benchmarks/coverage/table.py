"""The comparison as Markdown, and as JSON for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.coverage.compare import Row
from benchmarks.coverage.variants import SECTIONS


def markdown(rows: Sequence[Row], tools: Sequence[str], *, rules: bool = True) -> str:
    """Sections with totals, then every rule (`rules`), then what is left to do."""
    broken = [row for row in rows if row.variant.rule]
    parts = [_sections(broken, tools)]
    if rules:
        parts.append(_rules(broken, tools))
    parts.append(_alone(broken, tools))
    parts.append(_traps([row for row in rows if not row.variant.rule], tools))
    parts.append(_failures(rows))
    return "\n".join(part for part in parts if part)


def as_json(rows: Sequence[Row]) -> dict[str, Any]:
    """Every variant with what each tool says of it."""
    return {
        "variants": [
            {
                "id": row.variant.id,
                "rule": row.variant.rule or None,
                "roadworthy": sorted({f"{each.severity} {each.rule}" for each in row.ours.findings}),
                "caught": {"roadworthy": row.ours.caught, **{name: bool(found) for name, found in row.peers.items()}},
                "peers": row.peers,
            }
            for row in rows
        ]
    }


def _sections(rows: Sequence[Row], tools: Sequence[str]) -> str:
    lines = [_line(["section", "variants", *tools]), _line(["---"] * (len(tools) + 2))]
    by_id = {row.variant.id: row for row in rows}
    for section, variants in SECTIONS.items():
        group = [by_id[variant.id] for variant in variants]
        lines.append(_line([section, str(len(group)), *(_count(group, tool) for tool in tools)]))
    lines.append(_line(["**all**", f"**{len(rows)}**", *(f"**{_count(rows, tool)}**" for tool in tools)]))
    return "\n".join(lines) + "\n"


def _rules(rows: Sequence[Row], tools: Sequence[str]) -> str:
    lines = [_line(["rule", "variants", *tools]), _line(["---"] * (len(tools) + 2))]
    for rule in sorted({row.variant.rule for row in rows}):
        group = [row for row in rows if row.variant.rule == rule]
        lines.append(_line([f"`{rule}`", str(len(group)), *(_count(group, tool) for tool in tools)]))
    return "\n".join(lines) + "\n"


def _count(rows: Sequence[Row], tool: str) -> str:
    return str(sum(row.caught_by(tool) for row in rows))


def _alone(rows: Sequence[Row], tools: Sequence[str]) -> str:
    others = [tool for tool in tools if tool != "roadworthy"]
    alone = sum(row.ours.caught and not any(row.caught_by(tool) for tool in others) for row in rows)
    nobody = [row.variant.id for row in rows if not any(row.caught_by(tool) for tool in tools)]
    missed = [f"- `{each}`" for each in nobody]
    return "\n".join([f"Caught by Roadworthy alone: {alone}. Caught by no tool: {len(nobody)}.", *missed]) + "\n"


def _traps(rows: Sequence[Row], tools: Sequence[str]) -> str:
    silent = {tool: sum(not _speaks(row, tool) for row in rows) for tool in tools}
    said = ", ".join(f"{tool} {count}" for tool, count in silent.items())
    return f"Traps, which are right, and of which nothing is said: of {len(rows)}, {said}.\n"


def _speaks(row: Row, tool: str) -> bool:
    return bool(row.ours.findings) if tool == "roadworthy" else bool(row.peers[tool])


def _failures(rows: Sequence[Row]) -> str:
    return "\n".join(line for row in rows for line in _failure(row))


def _failure(row: Row) -> Iterator[str]:
    if row.variant.rule and not row.ours.caught:
        said = ", ".join(sorted({each.rule for each in row.ours.findings})) or "nothing"
        yield f"missed: {row.variant.id} (said: {said})"
    for finding in row.ours.unexpected:
        yield f"false alarm: {row.variant.id}: {finding.severity} {finding.rule}: {finding.message}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

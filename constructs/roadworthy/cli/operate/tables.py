"""Columns of text, and times as people say them."""

from collections.abc import Sequence
from datetime import datetime

from roadworthy.report.words import shown


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows below a head, columns as wide as their widest text; columns that are empty in every row are left out."""
    texts = [[shown(str(cell)) if cell is not None else "-" for cell in row] for row in rows]
    columns = [index for index in range(len(head)) if any(row[index] for row in texts)]
    lines = [[head[index] for index in columns], *([row[index] for index in columns] for row in texts)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def ago(then: datetime | None, now: float) -> str:
    """How long ago: "40s", "12m", "5h", "3d"."""
    if then is None:
        return ""
    seconds = max(0, int(now - then.timestamp()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def iso(then: datetime | None) -> str | None:
    """As JSON has it."""
    return then.isoformat() if then else None

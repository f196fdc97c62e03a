"""A report in the format that is asked for; only that format's module is imported."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadworthy.report.report import Report

FORMATS = ("text", "json", "sarif", "junit", "github", "markdown")


def render(report: "Report", format: str, *, failing: Collection[str], colours: bool = False) -> str:
    """The report as a text that ends without a line break.

    Args:
        report: what to say.
        format: one of FORMATS.
        failing: the severities that fail the check.
        colours: for the format "text": with a terminal's colours.
    """
    match format:
        case "json":
            from roadworthy.report import json_format  # noqa: PLC0415

            return json_format.render(report)
        case "sarif":
            from roadworthy.report import sarif_format  # noqa: PLC0415

            return sarif_format.render(report)
        case "junit":
            from roadworthy.report import junit_format  # noqa: PLC0415

            return junit_format.render(report, failing=failing)
        case "github":
            from roadworthy.report import github_format  # noqa: PLC0415

            return github_format.render(report)
        case "markdown":
            from roadworthy.report import markdown_format  # noqa: PLC0415

            return markdown_format.render(report)
        case _:
            from roadworthy.report import text_format  # noqa: PLC0415

            return text_format.render(report, colours=colours)

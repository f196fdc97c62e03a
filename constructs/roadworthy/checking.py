"""The library's front door: check files, folders and cloud assemblies from Python."""

import os
from collections.abc import Sequence

from roadworthy.config import Settings
from roadworthy.report.report import Report, ReportedFinding
from roadworthy.rules.engine.run import run
from roadworthy.rules.engine.selection import matches, selected
from roadworthy.template.sources import STDIN, Sources, read


def check(*paths: "str | os.PathLike[str]", settings: Settings | None = None) -> Report:
    """Check every template and ECS definition at `paths`: files, folders, cloud assemblies, "-" for standard input.

    Args:
        *paths: what to check.
        settings: what to select, ignore and exclude; None: everything is checked, whatever a pyproject.toml says.
            `roadworthy.config.find()` gives the project's.

    Raises:
        roadworthy.template.problems.UnreadableError: a path does not exist or a file that was named cannot be read.
        roadworthy.errors.RoadworthyError: the baseline cannot be read.
    """
    settings = settings or Settings()
    return check_sources(_read([os.fspath(path) for path in paths], settings), settings)


def check_sources(sources: Sources, settings: Settings, *, honour_assembly_waivers: bool = True) -> Report:
    """Check what was read, as `settings` say; `honour_assembly_waivers` as for `run`."""
    rules = selected(settings.select, settings.ignore)
    report = run(sources, honour_assembly_waivers=honour_assembly_waivers, rules=rules)
    return adjusted(report, settings, rules=[rule.id for rule in rules])


def adjusted(report: Report, settings: Settings, *, rules: Sequence[str]) -> Report:
    """`report` with the settings' severities, without what they ignore and without what the baseline knows.

    Args:
        report: the report.
        settings: the settings.
        rules: the ids of the rules that were checked.
    """
    findings = [_with_severity(finding, settings) for finding in report.findings if not _ignored(finding, settings)]
    report = report._replace(findings=findings)
    if settings.baseline is None:
        return report
    from roadworthy.report import baseline  # noqa: PLC0415 - only who has one pays for it

    return baseline.apply(report, settings.baseline, rules=rules)


def _read(paths: Sequence[str], settings: Settings) -> Sources:
    if not settings.exclude:
        return read(paths)

    def wanted(file: str) -> bool:
        return file == STDIN or not settings.names(file, settings.exclude)

    # What is excluded is read all the same where it lies in a folder: its exports say what others import.
    documents, skipped = read([path for path in paths if wanted(path)])
    return Sources([each for each in documents if wanted(each.file)], [each for each in skipped if wanted(each.file)])


def _ignored(finding: ReportedFinding, settings: Settings) -> bool:
    return any(
        matches(finding.rule, rules) and settings.names(finding.file, [pattern])
        for pattern, rules in settings.per_file_ignores.items()
    )


def _with_severity(finding: ReportedFinding, settings: Settings) -> ReportedFinding:
    for pattern, severity in settings.severity.items():
        if matches(finding.rule, [pattern]):
            return finding._replace(severity=severity)
    return finding

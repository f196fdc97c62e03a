"""The library's front door: check files, folders and cloud assemblies from Python."""

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from roadworthy.config import Settings
from roadworthy.report.report import Report, ReportedFinding
from roadworthy.rules.engine.run import run
from roadworthy.rules.engine.selection import is_selected, matches, selected
from roadworthy.template.sources import Sources, read

if TYPE_CHECKING:
    from roadworthy.online.aws import Aws


def check(*paths: "str | os.PathLike[str]", settings: Settings | None = None, online: "Aws | None" = None) -> Report:
    """Check every template and ECS definition at `paths`: files, folders, cloud assemblies, "-" for standard input.

    Args:
        *paths: what to check.
        settings: what to select, ignore and exclude; None: everything is checked, whatever a pyproject.toml says.
            `roadworthy.config.find()` gives the project's.
        online: the AWS account to ask about what the templates name, `roadworthy.online.aws.Aws.open()`; None: nothing
            is asked.

    Raises:
        roadworthy.template.problems.UnreadableError: a path does not exist or a file that was named cannot be read.
        roadworthy.errors.RoadworthyError: the baseline cannot be read.
        roadworthy.online.errors.OnlineError: AWS cannot be asked any more.
    """
    settings = settings or Settings()
    wanted = [os.fspath(path) for path in paths if not settings.excludes(os.fspath(path))]
    return check_sources(read(wanted), settings, online=online)


def check_sources(
    sources: Sources, settings: Settings, *, honour_assembly_waivers: bool = True, online: "Aws | None" = None
) -> Report:
    """Check what was read, as `settings` say; `honour_assembly_waivers` as for `run`, `online` as for `check`."""
    rules = selected(settings.select, settings.ignore)
    # What is excluded has been read all the same where it lies in a folder: its exports say what others import.
    documents = [document for document in sources.documents if not settings.excludes(document.file)]
    skipped = [each for each in sources.skipped if not settings.leaves_out(each.file)]
    if online is not None:
        from roadworthy.online.engine.run import online_rules  # noqa: PLC0415 - only who asks AWS pays for it

        rules = [
            *rules,
            *online_rules(
                documents, online, wanted=partial(is_selected, select=settings.select, ignore=settings.ignore)
            ),
        ]
    report = run(Sources(documents, skipped), honour_assembly_waivers=honour_assembly_waivers, rules=rules)
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

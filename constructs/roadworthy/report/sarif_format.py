"""The report as SARIF 2.1.0, for GitHub code scanning and other viewers.

A finding stands at the app's line where CDK recorded it, since `cdk.out` is in no repository; the template's line is
then a related location. What is waived is a suppressed result.

Sources: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html,
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

import json
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from roadworthy import __version__
from roadworthy.report.fingerprint import fingerprints, relative
from roadworthy.report.report import ERROR, Report, ReportedFinding
from roadworthy.report.words import count, ordered, shown
from roadworthy.rules.engine.pages import help_text, summary
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.rule import Rule
from roadworthy.rules.engine.selection import UnknownRuleError, named

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
# What GitHub takes: results of a run, characters of a short description.
MOST_RESULTS, LONGEST_DESCRIPTION = 25_000, 1024
# GitHub computes `primaryLocationLineHash` itself and warns of another one; this one is for other readers.
FINGERPRINT = "roadworthyFinding/v1"


def render(report: Report) -> str:
    """The report as one SARIF run; ends without a line break."""
    accepted = [(waived.finding, waived.reason) for waived in report.waived]
    findings = [*((finding, None) for finding in ordered(report.findings)), *accepted]
    kept = findings[:MOST_RESULTS]
    rules = sorted({finding.rule for finding, _ in kept})
    hashes = fingerprints([finding for finding, _ in kept], os.curdir)
    results = [
        _result(finding, rules.index(finding.rule), hash_, reason)
        for (finding, reason), hash_ in zip(kept, hashes, strict=True)
    ]
    run = {
        "tool": {
            "driver": {"name": "Roadworthy", "version": __version__, "rules": _rules(rules, [each for each, _ in kept])}
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": _root(),
        "artifacts": [{"location": _artifact(file), "roles": ["analysisTarget"]} for file in report.files],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notes(report, len(findings))}],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rules(ids: Iterable[str], findings: list[ReportedFinding]) -> list[dict[str, Any]]:
    """The descriptors of the rules that found something."""
    known = {rule.id: rule for rule in all_rules()}
    first = {finding.rule: finding for finding in reversed(findings)}
    return [_descriptor(known.get(rule_id) or _elsewhere(rule_id), first[rule_id]) for rule_id in ids]


def _descriptor(rule: Rule | None, finding: ReportedFinding) -> dict[str, Any]:
    """A rule in SARIF's terms; of one that is not registered, what one of its findings tells."""
    descriptor: dict[str, Any] = {
        "id": finding.rule,
        "shortDescription": {"text": (summary(rule) if rule else shown(finding.fix))[:LONGEST_DESCRIPTION]},
        "defaultConfiguration": {"level": rule.severity if rule else finding.severity},
        "properties": {"tags": ["ecs", "deployment"]},
    }
    if rule:
        descriptor["help"] = {"text": help_text(rule), "markdown": help_text(rule)}
    if finding.source.startswith("https://"):
        descriptor["helpUri"] = finding.source
    return descriptor


def _elsewhere(rule_id: str) -> Rule | None:
    try:
        return named(rule_id)
    except UnknownRuleError:  # an internal error
        return None


def _result(finding: ReportedFinding, index: int, fingerprint: str, reason: str | None) -> dict[str, Any]:
    text = f"{shown(finding.message)}\nFix: {shown(finding.fix)}".replace("](", "] (")  # a link, by SARIF's syntax
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error" if finding.severity == ERROR else "warning",
        "message": {"text": text},
        "locations": [_location(*finding.place, finding)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if finding.created_at:
        template = {"id": 1, "message": {"text": "in the synthesized template"}}
        result["relatedLocations"] = [{**_physical(finding.file, finding.line, finding.column), **template}]
    if reason is not None:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": shown(reason)}]
    return result


def _location(file: str, line: int, column: int, finding: ReportedFinding) -> dict[str, Any]:
    if finding.resource is None:
        return _physical(file, line, column)
    name = {"name": finding.resource, "fullyQualifiedName": finding.path or finding.resource, "kind": "resource"}
    return {**_physical(file, line, column), "logicalLocations": [name]}


def _physical(file: str, line: int, column: int) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": region}}


def _artifact(file: str) -> dict[str, str]:
    """Relative to the working directory, which is the checkout's root in CI; what lies elsewhere is absolute."""
    path = relative(file, os.curdir)
    if path.startswith("../") or os.path.isabs(path):
        return {"uri": f"file://{_quoted(os.path.abspath(file))}"}
    return {"uri": _quoted(path), "uriBaseId": ROOT}


def _root() -> dict[str, dict[str, str]]:
    try:
        return {ROOT: {"uri": f"file://{_quoted(os.getcwd().rstrip('/'))}/"}}
    except OSError:  # the working directory has been removed
        return {}


def _quoted(path: str) -> str:
    try:
        return quote(os.fsencode(path))
    except UnicodeEncodeError:  # a name that no file system has
        return quote(path, errors="surrogatepass")


def _notes(report: Report, total: int) -> list[dict[str, Any]]:
    """What a reader of the results should know: skipped files, and results that are too many for GitHub."""
    notes: list[dict[str, Any]] = [
        {
            "level": "note",
            "message": {"text": f"skipped: {shown(skipped.reason)}"},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(skipped.file)}}],
        }
        for skipped in report.skipped
    ]
    if total > MOST_RESULTS:
        text = f"{count(total - MOST_RESULTS, 'result')} left out: GitHub takes {MOST_RESULTS} of a run"
        notes.append({"level": "warning", "message": {"text": text}})
    return notes

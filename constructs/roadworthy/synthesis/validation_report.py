"""CDK's validation report of a cloud assembly (`validation-report.json`): read, and completed with the native engine's.

CDK's command line prints this file and decides by it, so that what is added here is treated as CDK's own.
Source: https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from roadworthy.synthesis import cloudformation_engine as engine
from roadworthy.synthesis.cloudformation_engine import Diagnostic
from roadworthy.template.assembly import stacks
from roadworthy.template.document import Document
from roadworthy.template.sources import read_assembly

REPORT_FILE = "validation-report.json"
NAMESPACE = engine.PLUGIN_NAME.replace(" ", "-")  # of the rules' ids in acknowledgements
SWITCH = "CDK_VALIDATION"  # CDK's: `false` turns its own validation off
# The feature flag without which CDK makes warnings of the engine's errors.
ERRORS_FAIL = "@aws-cdk/core:validateAgainstDefaultRules"


class Violation(NamedTuple):
    """One violation at one place, as a person reads it; `rule` is empty where nothing can be acknowledged."""

    severity: str
    description: str
    plugin: str
    rule: str
    fix: str | None
    construct_path: str | None
    logical_id: str | None


def is_wanted() -> bool:
    """Whether templates are to be validated natively: the engine is there, and nobody turned validation off."""
    return os.environ.get(SWITCH) != "false" and engine.is_available()


def validate(assembly: str, *, errors_fail: bool) -> bool:
    """Check every stack's template with the native engine and write what it finds into the assembly's report.

    Args:
        assembly: the cloud assembly's folder.
        errors_fail: whether errors are errors; if not they become warnings, as in CDK.

    Returns:
        Whether nothing failed.
    """
    documents = {document.file: document for document in read_assembly(assembly)}
    # CDK's own validation leaves the templates of nested stacks out as well.
    found = [
        each
        for stack in stacks(assembly)
        for each in _violations(documents[stack.file], assembly, stack.path, errors_fail)
    ]
    if not found:
        return True
    violations = [violation for violation, reason in found if reason is None]
    failed = any(violation["severity"] == "error" for violation in violations)
    accepted = [{**violation, "reason": reason} for violation, reason in found if reason is not None]
    report: dict[str, Any] = {
        "pluginName": engine.PLUGIN_NAME,
        "pluginVersion": engine.version(),
        "conclusion": "failure" if failed else "success",
        "violations": violations,
        **({"suppressedViolations": accepted} if accepted else {}),
    }
    _add(Path(assembly), report)
    return not failed


def violations_of(assembly: str, *, without: str = "") -> Iterator[Violation]:
    """What the report of an assembly says, but for one plugin."""
    for plugin in _plugins(Path(assembly)):
        if plugin.get("pluginName") == without:
            continue
        error = (plugin.get("metadata") or {}).get("error")
        if error and not plugin.get("violations"):
            yield Violation("error", str(error), str(plugin.get("pluginName")), "plugin", None, None, None)
        for violation in plugin.get("violations", []):
            for place in violation.get("violatingConstructs") or [{}]:
                resource = place.get("cloudFormationResource") or {}
                yield Violation(
                    severity=str(violation.get("customSeverity") or violation.get("severity") or "error"),
                    description=str(violation.get("description")),
                    plugin=str(plugin.get("pluginName")),
                    rule=str(violation.get("ruleName")),
                    fix=violation.get("suggestedFix"),
                    construct_path=place.get("constructPath") or None,
                    logical_id=resource.get("logicalId"),
                )


def has_failed(assembly: str, *, without: str = "") -> bool:
    """Whether a plugin refused the assembly; one may be left out."""
    plugins = (plugin for plugin in _plugins(Path(assembly)) if plugin.get("pluginName") != without)
    return any(plugin.get("conclusion") == "failure" for plugin in plugins)


def _violations(
    document: Document, assembly: str, stack: str, errors_fail: bool
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Each violation of a stack's template, with the reason for which somebody accepted it."""
    for found in engine.diagnose(Path(document.file), account=document.account, region=document.region):
        path = (document.construct_path(found.logical_id) if found.logical_id else None) or stack
        reason = document.acknowledgement(path, f"{NAMESPACE}::{found.rule}")
        yield _violation(found, document, assembly, path, errors_fail), reason


def _violation(found: Diagnostic, document: Document, assembly: str, path: str, errors_fail: bool) -> dict[str, Any]:
    resource = {"templatePath": os.path.relpath(document.file, assembly), "logicalId": found.logical_id}
    places = {"propertyPaths": [found.location]} if found.location else {}
    return {
        "ruleName": found.rule,
        "description": found.message,
        "severity": found.severity if errors_fail else "warning",
        **({"suggestedFix": found.fix} if found.fix else {}),
        **({"ruleMetadata": {"category": found.category}} if found.category else {}),
        "violatingConstructs": [
            {"constructPath": path, **({"cloudFormationResource": resource | places} if found.logical_id else {})}
        ],
    }


def _plugins(assembly: Path) -> list[dict[str, Any]]:
    return [plugin for plugin in _read(assembly).get("pluginReports", []) if isinstance(plugin, dict)]


def _add(assembly: Path, plugin: dict[str, Any]) -> None:
    report = _read(assembly)
    report.setdefault("pluginReports", []).append(plugin)
    (assembly / REPORT_FILE).write_text(json.dumps(report, indent=2), encoding="utf-8")


def _read(assembly: Path) -> dict[str, Any]:
    file = assembly / REPORT_FILE
    if not file.exists():
        manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
        return {"version": manifest.get("version"), "title": "Validation Report", "pluginReports": []}
    found = json.loads(file.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}

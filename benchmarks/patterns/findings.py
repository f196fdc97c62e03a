"""What the checks say of a synthesized app: CDK, Roadworthy's rules, cdk-nag, cfn-lint; and what was waived."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peers import cfn_lint
from benchmarks.peers.peer import quiet

Said = Counter[str]  # rule -> how many resources it speaks of
NAG, OURS = "AwsSolutions", "roadworthy"
_THREW = "Rule threw an error"  # cdk-nag's words for a rule that could not read a value


class Findings(NamedTuple):
    """What each check says, and the waivers of cdk-nag's and Roadworthy's rules with their reasons.

    Attributes:
        cdk: the warnings and errors of a synthesis: annotations, and CDK's own validation.
        errors: of Roadworthy's rules.
        warnings: of Roadworthy's rules.
        nag: cdk-nag's AwsSolutions, unwaived; not those that threw an error, since that is no finding.
        lint: cfn-lint's, with its default rules.
        waivers: (construct path, rule) -> the reason.
    """

    cdk: Said
    errors: Said
    warnings: Said
    nag: Said
    lint: Said
    waivers: dict[tuple[str, str], str]


def of(assembly: Path) -> Findings:
    """What is said of the cloud assembly in a folder."""
    plugins = json.loads((assembly / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    said = [(plugin["pluginName"], violation) for plugin in plugins for violation in plugin["violations"]]
    ours = [(name, violation) for name, violation in said if name == OURS]
    return Findings(
        cdk=_said(violation for name, violation in said if name not in {NAG, OURS}),
        errors=_said(violation for name, violation in ours if violation["severity"] == "error"),
        warnings=_said(violation for name, violation in ours if violation["severity"] != "error"),
        nag=_said(each for name, each in said if name == NAG and not each["description"].startswith(_THREW)),
        lint=_linted(next(assembly.glob("*.template.json"))),
        waivers=_waivers(assembly),
    )


def _said(violations: Iterable[dict[str, Any]]) -> Said:
    said: Said = Counter()
    for violation in violations:
        said[str(violation["ruleName"])] += len(violation["violatingConstructs"])
    return said


def _linted(template: Path) -> Said:
    command = [str(Path(sys.executable).with_name("cfn-lint")), *cfn_lint.PEER.arguments([template])]
    # In the template's folder: the repository's own settings of cfn-lint are not the apps'.
    done = subprocess.run(command, cwd=template.parent, capture_output=True, text=True, check=False, env=quiet())
    if not done.stdout:
        sys.exit(f"cfn-lint printed no report: {done.stderr.strip()[-500:]}")
    return Counter(str(match["Rule"]["Id"]) for match in json.loads(done.stdout))


def _waivers(assembly: Path) -> dict[tuple[str, str], str]:
    """Those of cdk-nag's and Roadworthy's rules; CDK writes others for its own."""
    waivers: dict[tuple[str, str], str] = {}
    for file in assembly.glob("*.metadata.json"):
        for path, entries in json.loads(file.read_text(encoding="utf-8")).items():
            reasons = [each["data"] for each in entries if each["type"] == "aws:cdk:acknowledged-rules"]
            found = {(path, _bare(rule)): reason for given in reasons for rule, reason in given.items()}
            waivers |= {key: reason for key, reason in found.items() if key[1].startswith((NAG, OURS))}
    return waivers


def _bare(rule: str) -> str:
    # CDK puts the namespace of annotations before rules that were acknowledged without one.
    return rule.removeprefix("Annotation::")

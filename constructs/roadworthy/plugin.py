"""The rules inside CDK's own validation: a broken stack is refused while it is synthesized.

    app = cdk.App()
    ...
    sys.exit(synth(app))

Source: https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import jsii
from jsii.errors import JSIIError

from roadworthy import __version__
from roadworthy.checking import check
from roadworthy.cli.exit_codes import ExitCode
from roadworthy.errors import RoadworthyError
from roadworthy.report import text_format
from roadworthy.report.report import ReportedFinding
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.run import run
from roadworthy.rules.engine.waivers import NAMESPACE
from roadworthy.template.sources import read_synthesized

# The CDK CLI sets it to false: it prints the validation report and chooses the exit code itself.
APP_REPORTS = "@aws-cdk/core:failSynthOnValidationErrors"
REPORT_FILE = "validation-report.json"
ERROR_NAME = "ValidationFailed: "  # with which jsii begins the message of CDK's error


@jsii.implements(cdk.IPolicyValidationPlugin)
class RoadworthyPlugin:
    """Checks every stack of the app, nested stacks and stages included.

    CDK prints what it finds, writes it to `cdk.out/validation-report.json`, and applies the acknowledgements:
    `Validations.of(scope).acknowledge(Acknowledgment(id="roadworthy::RULE", reason="..."))`.
    """

    @property
    def name(self) -> str:
        """The namespace of the rules' ids."""
        return NAMESPACE

    @property
    def version(self) -> str:
        """Roadworthy's version."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules."""
        return [rule.id for rule in all_rules()]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check the synthesized templates."""
        report = run(read_synthesized(context.template_paths), honour_assembly_waivers=False)
        return cdk.PolicyValidationPluginReport(
            success=not report.errors, violations=[_violation(finding) for finding in report.findings]
        )


def add_rules(app: cdk.App) -> None:
    """Check `app` with Roadworthy's rules whenever it is synthesized."""
    cdk.Validations.of(app).add_plugins(RoadworthyPlugin())


def synth(app: cdk.App) -> int:
    """Synthesize `app` with the rules on; the answer is the process's exit code.

    A refused app ends with CDK's report on standard error and exit code 1, without a traceback. Under the CDK CLI the
    report and the exit code are the CLI's and the app itself ends with 0, but for an app with stages: the CLI looks at
    the stacks that it was asked for, which are the top-level ones by default.
    """
    add_rules(app)
    try:
        assembly = app.synth()
    except (JSIIError, RuntimeError) as error:
        if REPORT_FILE not in str(error):
            raise
        # CDK has printed the report before, or (in its in-memory mode) put it into the error.
        print(str(error).removeprefix(ERROR_NAME), file=sys.stderr)  # noqa: T201
        return ExitCode.FINDINGS
    if not _refused(assembly.directory):
        return ExitCode.OK
    if app.node.try_get_context(APP_REPORTS) in {False, "false"}:
        if not assembly.nested_assemblies:
            return ExitCode.OK
        print(text_format.render(check(assembly.directory)), file=sys.stderr)  # noqa: T201
        print(f"Validation failed: see {assembly.directory}/{REPORT_FILE}", file=sys.stderr)  # noqa: T201
    return ExitCode.FINDINGS


def run_app(build: Callable[[cdk.App], None]) -> int:
    """Make an app, let `build` add its stacks, synthesize it with the rules on; the answer is the exit code.

    What a construct of ours refuses while the app is built ends in one line on standard error and exit code 2.
    """
    app = cdk.App()
    try:
        build(app)
    except RoadworthyError as error:
        print(f"roadworthy: {error}", file=sys.stderr)  # noqa: T201
        return ExitCode.USAGE
    return synth(app)


def _violation(finding: ReportedFinding) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name=finding.rule,
        description=finding.message,
        fix=f"{finding.fix}\nSee {finding.source}",
        severity=finding.severity,
        rule_metadata={"source": finding.source},
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=finding.resource,
                template_path=os.path.abspath(finding.file),
                locations=[finding.location] if finding.location else [],
            )
        ],
    )


def _refused(directory: str) -> bool:
    """Whether CDK's report says that a plugin refused the assembly: in one of its modes it does not raise."""
    path = Path(directory, REPORT_FILE)
    plugins = json.loads(path.read_text(encoding="utf-8"))["pluginReports"] if path.exists() else []
    return any(plugin.get("conclusion") == "failure" for plugin in plugins)

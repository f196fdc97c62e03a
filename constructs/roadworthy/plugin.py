"""The rules inside CDK's own validation: a broken stack is refused while it is synthesized.

    app = cdk.App()
    ...
    sys.exit(synth(app))

Source: https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

import os
import sys
from collections.abc import Callable

import aws_cdk as cdk
import jsii
from jsii.errors import JSIIError

from roadworthy import __version__, config
from roadworthy.checking import check, check_sources
from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import complain
from roadworthy.config import Settings
from roadworthy.errors import RoadworthyError
from roadworthy.report import baseline, text_format
from roadworthy.report.report import ReportedFinding
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.waivers import NAMESPACE
from roadworthy.synthesis import validation_report
from roadworthy.template.sources import read_synthesized

# The CDK CLI sets it to false: it prints the validation report and chooses the exit code itself.
APP_REPORTS = "@aws-cdk/core:failSynthOnValidationErrors"
TRACES = (
    "JSII_HOST_STACK_TRACES"  # with which CDK records the app's lines: 0.5 ms for each construct, so it is asked for
)
ERROR_NAME = "ValidationFailed: "  # with which jsii begins the message of CDK's error


@jsii.implements(cdk.IPolicyValidationPlugin)
class RoadworthyPlugin:
    """Checks every stack of the app, nested stacks and stages included.

    CDK prints what it finds, writes it to `cdk.out/validation-report.json`, and applies the acknowledgements:
    `Validations.of(scope).acknowledge(Acknowledgment(id="roadworthy::RULE", reason="..."))`.

    Args:
        settings: what the project selects, ignores and excludes; None: every rule checks everything.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()

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
        sources = read_synthesized(context.template_paths)
        report = check_sources(sources, self._settings, honour_assembly_waivers=False)
        return cdk.PolicyValidationPluginReport(
            success=not report.errors, violations=[_violation(finding) for finding in report.findings]
        )


def add_rules(app: cdk.App) -> None:
    """Check `app` with Roadworthy's rules whenever it is synthesized, as the project's configuration says.

    Raises:
        RoadworthyError: the configuration or its baseline is wrong.
    """
    settings = config.find()
    if settings.baseline is not None:
        baseline.load(settings.baseline)  # which says what is wrong with it here, and not inside CDK
    cdk.Validations.of(app).add_plugins(RoadworthyPlugin(settings))


def synth(app: cdk.App, *, natively: bool = False) -> int:
    """Synthesize `app` with the rules on; the answer is the process's exit code.

    A refused app ends with CDK's report on standard error and exit code 1, without a traceback. Under the CDK CLI the
    report and the exit code are the CLI's and the app itself ends with 0, but for an app with stages: the CLI looks at
    the stacks that it was asked for, which are the top-level ones by default.

    Args:
        app: the app, with all its stacks.
        natively: whether templates are validated with the native CloudFormation engine, for an app that was made with
            `App(builtin_cloud_formation_validation=False)`; `run_app` sees to both.
    """
    try:
        add_rules(app)
    except RoadworthyError as error:
        complain(str(error))
        return ExitCode.USAGE
    try:
        assembly = app.synth()
    except (JSIIError, RuntimeError) as error:
        if validation_report.REPORT_FILE not in str(error):
            raise
        # CDK has printed the report before, or (in its in-memory mode) put it into the error.
        print(str(error).removeprefix(ERROR_NAME), file=sys.stderr)  # noqa: T201
        return _refused()
    if natively:
        errors_fail = app.node.try_get_context(validation_report.ERRORS_FAIL) in {True, "true"}
        validation_report.validate(assembly.directory, errors_fail=errors_fail)
    if not validation_report.has_failed(assembly.directory):
        return ExitCode.OK
    if app.node.try_get_context(APP_REPORTS) in {False, "false"}:
        if not assembly.nested_assemblies:
            return ExitCode.OK
        print(text_format.render(check(assembly.directory, settings=config.find())), file=sys.stderr)  # noqa: T201
        print(f"Validation failed: see {assembly.directory}/{validation_report.REPORT_FILE}", file=sys.stderr)  # noqa: T201
    return _refused()


def run_app(build: Callable[[cdk.App], None]) -> int:
    """Make an app, let `build` add its stacks, synthesize it with the rules on; the answer is the exit code.

    CDK's own CloudFormation validation is done by the native engine: the same rules, a tenth of the time.
    What a construct of ours refuses while the app is built ends in one line on standard error and exit code 2.
    """
    natively = validation_report.is_wanted()
    app = cdk.App(builtin_cloud_formation_validation=False if natively else None)
    try:
        build(app)
    except RoadworthyError as error:
        complain(str(error))
        return ExitCode.USAGE
    return synth(app, natively=natively)


def _refused() -> int:
    """The exit code of an app that was refused, after a word on how to see its lines."""
    if os.environ.get(TRACES, "").lower() not in {"1", "true", "yes"}:
        print(f"{TRACES}=1 shows the line of the app that made each resource", file=sys.stderr)  # noqa: T201
    return ExitCode.FINDINGS


def _violation(finding: ReportedFinding) -> cdk.PolicyViolation:
    # CDK shows the innermost line, which may lie in a pattern; this one is the user's.
    made = [f"Made at {finding.created_at}"] if finding.created_at else []
    return cdk.PolicyViolation(
        rule_name=finding.rule,
        description=finding.message,
        fix="\n".join([finding.fix, *made, f"See {finding.source}"]),
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

"""AWS's CloudFormation validation engine, native: the one that CDK runs as WebAssembly in every synthesis.

Making the WebAssembly engine is more than two thirds of a synthesis; the native one has the same rules and takes a
tenth of that (docs/decisions/0018). The settings are those of CDK's `CloudFormationValidatePlugin` in aws-cdk-lib
2.275, whose engine is the release that is pinned here.

Source: https://github.com/aws-cloudformation/cloudformation-validate
"""

import atexit
import importlib.util
import tarfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PLUGIN_NAME = "CloudFormation Validate"  # CDK's: its acknowledgements and its feature flag hold for this name
IGNORED = ("W3005", "W1020", "E1018", "W9002", "W9013", "W1103")
IGNORED_FOR_SERVICE = (("W3697", "AWS::AutoScaling"),)
SEVERITIES = {"FATAL": "error", "ERROR": "error", "WARN": "warning"}
# CDK ships one rule of its own, for this service; the second engine that it needs is made only where it can speak.
GAME_LIFT, GAME_LIFT_RULE = b'"AWS::GameLift::', "package/core/lib/validation/rules/gamelift-fleet.rego"


class Diagnostic(NamedTuple):
    """One finding of the engine.

    Attributes:
        rule: e.g. "E3012".
        severity: "error" or "warning".
        message: the fact, with the property's path before it.
        fix: what to do, where the engine knows it.
        category: e.g. "Best Practice".
        logical_id: of the resource, where it concerns one.
        location: the property's path, where it concerns one.
    """

    rule: str
    severity: str
    message: str
    fix: str | None
    category: str | None
    logical_id: str | None
    location: str | None


def is_available() -> bool:
    """Whether the native engine is installed: it comes with `roadworthy[cdk]`."""
    return importlib.util.find_spec("cloudformation_validate") is not None


def version() -> str:
    """The engine's version."""
    import cloudformation_validate  # noqa: PLC0415 - a quarter of a second, only for who synthesizes

    return str(cloudformation_validate.version())


def diagnose(template: Path, *, account: str | None, region: str | None) -> list[Diagnostic]:
    """What the engine finds in a template, warnings and above.

    Args:
        template: a synthesized template.
        account: what `AWS::AccountId` is, if known.
        region: what `AWS::Region` is, if known.

    Raises:
        cloudformation_validate.ValidationError: the engine failed.
    """
    content = template.read_bytes()
    engine = _engine(game_lift=GAME_LIFT in content)
    report = engine.validate_template(content, _settings(account, region))
    return [_diagnostic(found) for found in report.diagnostics]


def _diagnostic(found: Any) -> Diagnostic:
    entity, path = found.entity, found.property_path
    return Diagnostic(
        rule=found.rule_id,
        severity=SEVERITIES[found.severity.name],
        message=f"{path.removeprefix('Properties.')}: {found.message}" if path else found.message,
        fix=found.suggested_fix,
        category=found.category,
        logical_id=entity.logical_id if entity is not None and entity.entity_type.name == "RESOURCE" else None,
        location=path,
    )


def _settings(account: str | None, region: str | None) -> Any:
    import cloudformation_validate as native  # noqa: PLC0415

    return native.ValidateConfig(
        detail_level=native.DetailLevel.STANDARD,
        severity_level=native.Severity.WARN,
        pseudo_parameter_overrides=native.PseudoParameterOverrides(account_id=account, region=region),
        exclude=native.RuleFilterConfig(
            ids=list(IGNORED),
            services=[native.ServiceFilter(rule_id=rule, service=service) for rule, service in IGNORED_FOR_SERVICE],
        ),
    )


@cache
def _engine(*, game_lift: bool) -> Any:
    """An engine is dear to make (half a second) and cheap to use: one serves all templates."""
    import cloudformation_validate as native  # noqa: PLC0415

    rules = (
        [native.ExternalRuleSource(name=name, content=content) for name, content in _cdk_rules()] if game_lift else []
    )
    return native.CompositeEngine(native.CompositeEngineConfig(rego_rules=rules))


atexit.register(_engine.cache_clear)  # before the interpreter takes away what freeing an engine needs


def _cdk_rules() -> Iterator[tuple[str, str]]:
    """CDK's own rule, out of the JavaScript package in the Python one."""
    for package in _javascript_packages():
        with tarfile.open(package) as archive:
            file = archive.extractfile(GAME_LIFT_RULE)
            if file is not None:
                yield Path(GAME_LIFT_RULE).name, file.read().decode()


def _javascript_packages() -> Sequence[Path]:
    spec = importlib.util.find_spec("aws_cdk")
    folders = spec.submodule_search_locations if spec is not None else None
    return [file for folder in folders or () for file in Path(folder, "_jsii").glob("aws-cdk-lib@*.jsii.tgz")]

"""Runs inside a peer's environment: templates -> JSON of file -> ["RULE LogicalId", ...] from cloudformation-validate.

python engine_runner.py [--preflight] FILE...
"""

import json
import re
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cloudformation_validate as engine  # type: ignore[import-not-found,import-untyped,unused-ignore]

_SHOWN = {"WARN", "ERROR", "FATAL"}
_IGNORED = {"W3005", "W1020", "E1018", "W9002", "W9013", "W1103"}  # as aws-cdk-lib ignores them
_TYPE = re.compile(r"AWS::\w+::\w+")
_HEADER = "package cdk_preflight\n\nimport rego.v1\n"


def main(arguments: list[str]) -> int:
    """Check the files and print what the engine says of them."""
    preflight = arguments[:1] == ["--preflight"]
    files = arguments[1:] if preflight else arguments
    config = engine.ValidateConfig(disable_builtin_rules=True) if preflight else None
    checker = engine.RegoEngine(_rules(files)) if preflight else engine.CompositeEngine()
    print(json.dumps({file: _findings(checker, file, config) for file in files}))
    return 0


def _findings(checker: Any, file: str, config: Any) -> list[str]:
    try:
        report = checker.validate_template(file, config)
    except engine.ValidationError:
        return []  # not a template
    shown = [each for each in report.diagnostics if each.severity.name in _SHOWN and each.rule_id not in _IGNORED]
    return [_label(each) for each in shown]


def _label(diagnostic: Any) -> str:
    return f"{diagnostic.rule_id} {diagnostic.entity.logical_id if diagnostic.entity else ''}"


def _rules(files: list[str]) -> Any:
    """What cdk-preflight gives the engine: its libraries and its rules for these types, a module for each service."""
    rules, libraries = _bundle()
    types = {name for file in files for name in _resource_types(Path(file))}
    modules: dict[str, list[str]] = {}
    for rule in rules:
        if not types or "*" in rule["resourceTypes"] or types & set(rule["resourceTypes"]):
            lines = rule["rego"].split("\n")
            body = "\n".join(line for line in lines if not line.startswith(("package ", "import ")))
            modules.setdefault(rule["service"], []).append(body)
    sources = {each["name"]: each["rego"] for each in libraries}
    sources |= {f"_pf_service_{service}": _HEADER + "\n".join(bodies) for service, bodies in modules.items()}
    custom = [engine.ExternalRuleSource(name=name, content=content) for name, content in sources.items()]
    return engine.EngineConfig(custom_rules=custom)


def _bundle() -> list[list[dict[str, Any]]]:
    """Its rules and libraries, out of the npm package that its wheel holds."""
    spec = find_spec("cdk_preflight")
    if spec is None or spec.origin is None:
        sys.exit("cdk-preflight is not installed")
    archive = next((Path(spec.origin).parent / "_jsii").glob("*.tgz"))
    with tarfile.open(archive) as package:
        member = package.extractfile("package/lib/rules.generated.js")
        text = member.read().decode() if member else ""
    return [_array(text, name) for name in ("BUNDLED_RULES", "BUNDLED_LIBS")]


def _array(text: str, name: str) -> list[dict[str, Any]]:
    start = text.index(f"exports.{name} = [") + len(f"exports.{name} = ")
    value: list[dict[str, Any]] = json.JSONDecoder().raw_decode(text, start)[0]
    return value


def _resource_types(file: Path) -> set[str]:
    """The types that a template names, whatever its notation."""
    return set(_TYPE.findall(file.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

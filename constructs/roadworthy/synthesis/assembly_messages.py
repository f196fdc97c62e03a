"""What a cloud assembly's manifest says to people: annotations of constructs, and context that is missing.

The CDK CLI prints the first and looks up the second; whoever runs an app without it must do as much.
Source: https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assembly
"""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from roadworthy.synthesis.validation_report import Violation
from roadworthy.template.assembly import assembly_files

ANNOTATIONS = {"aws:cdk:error": "error", "aws:cdk:warning": "warning", "aws:cdk:info": "info"}
PLUGIN = "Construct Annotations"  # under which CDK reports them where its feature flag says so


def messages(assembly: str) -> Iterator[Violation]:
    """The annotations of all constructs, each once."""
    seen = set()
    for _, metadata in assembly_files(assembly):
        for path, entries in metadata.items():
            for entry in entries:
                severity = ANNOTATIONS.get(str(entry.get("type")))
                message = (path, severity, str(entry.get("data")))
                if severity is not None and message not in seen:
                    seen.add(message)
                    yield Violation(severity, message[2], PLUGIN, "", None, path.removeprefix("/"), None)


def missing(assembly: str) -> list[str]:
    """The keys of the context that the app asked for in vain, sorted."""
    with open(os.path.join(assembly, "manifest.json"), encoding="utf-8") as file:
        manifest: Mapping[str, Any] = json.load(file)
    asked = manifest.get("missing")
    return sorted({str(each.get("key")) for each in asked if isinstance(each, dict)}) if isinstance(asked, list) else []

"""What `cdk.json` says: how to start the app, where its assembly goes, and the context; as the CDK CLI reads it.

Source: https://docs.aws.amazon.com/cdk/v2/guide/context.html
"""

import json
import os
from collections.abc import Mapping, Sequence
from configparser import ConfigParser, Error
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from roadworthy.errors import RoadworthyError

DEFAULT_OUTPUT = "cdk.out"
DEFAULT_REGION = "us-east-1"  # what the CDK CLI takes where nothing is configured
# What the CDK CLI adds to every app's context.
FROM_CLI = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
    "aws:cdk:version-reporting": True,
    "aws:cdk:bundling-stacks": ["**"],
    # The app leaves the report and the exit code to whoever started it.
    "@aws-cdk/core:failSynthOnValidationErrors": False,
}


class SettingsError(RoadworthyError):
    """`cdk.json`, a context file or an option does not say what is needed; the message says which and why."""


class Settings(NamedTuple):
    """How to synthesize.

    Attributes:
        app: the command that runs the app.
        output: the assembly's folder.
        context: the whole context.
        folder: where `cdk.json` lies, and the app runs.
    """

    app: str
    output: Path
    context: dict[str, Any]
    folder: Path


def load(folder: Path, *, app: str | None, output: str | None, context: Sequence[str]) -> Settings:
    """Read the settings of an app.

    Args:
        folder: with `cdk.json` and perhaps `cdk.context.json`.
        app: a command that replaces the one of `cdk.json`.
        output: a folder that replaces the one of `cdk.json`.
        context: `KEY=VALUE` entries, which win.

    Raises:
        SettingsError: a file is malformed, no command is known, or an entry has no `=`.
    """
    user, project = _read(Path.home() / ".cdk.json"), _read(folder / "cdk.json")
    command = app or project.get("app") or user.get("app")
    if not _is_text(command):
        raise SettingsError(f"{folder / 'cdk.json'} names no app; name its command there or with --app")
    merged = {
        **_context(user),
        **_context(project),
        **_read(folder / "cdk.context.json"),
        **dict(map(_entry, context)),
        **FROM_CLI,
    }
    target = output or project.get("output") or DEFAULT_OUTPUT
    if not _is_text(target):
        raise SettingsError(f"{folder / 'cdk.json'}: output is {target!r}: it must be a folder's path")
    return Settings(command, folder / target, merged, folder)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value) and "\0" not in value


def default_region(environment: Mapping[str, str]) -> str:
    """The region that the CDK CLI would hand to the app as CDK_DEFAULT_REGION."""
    named = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    return named or _configured_region(environment) or DEFAULT_REGION


def _configured_region(environment: Mapping[str, str]) -> str | None:
    profile = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    parser = ConfigParser(default_section="", interpolation=None)
    try:
        parser.read(environment.get("AWS_CONFIG_FILE") or os.path.expanduser("~/.aws/config"), encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return None
    section = profile if profile == "default" else f"profile {profile}"
    return parser.get(section, "region", fallback=None)


def _context(settings: Mapping[str, Any]) -> dict[str, Any]:
    context = settings.get("context")
    return dict(context) if isinstance(context, dict) else {}


def _entry(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise SettingsError(f"context `{text}` is not KEY=VALUE")
    return key, value


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from None
    if not isinstance(found, dict):
        raise SettingsError(f"{file}: not a JSON object")
    return found

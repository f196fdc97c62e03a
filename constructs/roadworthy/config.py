"""What a project has decided about the check: `[tool.roadworthy]` in pyproject.toml, or roadworthy.toml.

    [tool.roadworthy]
    select = ["health-*", "env-secret-collision"]     # default: every rule
    ignore = ["latest-image-tag"]
    fail-on = "warning"                               # error (default), warning, never
    exclude = ["legacy/*"]                            # files that are not checked
    baseline = "roadworthy-baseline.json"
    severity = { "latest-image-tag" = "warning" }     # by rule
    per-file-ignores = { "examples/*" = ["latest-image-tag"] }

Paths are relative to the file. The file nearest to the working directory counts, going upward; flags win over it.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from roadworthy.errors import RoadworthyError
from roadworthy.nearest import hint
from roadworthy.report.fingerprint import relative

OWN_FILE, PYPROJECT = "roadworthy.toml", "pyproject.toml"
FAIL_LEVELS = ("error", "warning", "never")
SEVERITIES = ("error", "warning")
# Whether a pyproject.toml can hold our table: one that cannot is not worth a TOML parser.
_TABLE = rb"(?m)tool[\"']?\s*\.\s*[\"']?roadworthy|^\s*\[\s*[\"']?tool[\"']?\s*\]|^\s*tool\b"


class ConfigError(RoadworthyError):
    """The configuration says something unknown; the message names the file, the key and the nearest name."""


class Settings(NamedTuple):
    """What is checked, and what of it fails.

    Attributes:
        select: patterns of the rules to check; empty: all.
        ignore: patterns of the rules to leave out.
        fail_on: "error", "warning" or "never": from which severity on the check fails.
        exclude: patterns of files that are not checked, relative to `folder`.
        baseline: the baseline's path; None: there is none.
        severity: rule id or pattern -> "error" or "warning", instead of the rule's own.
        per_file_ignores: pattern of files -> patterns of rules.
        folder: the folder of the configuration.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: str = "error"
    exclude: Sequence[str] = ()
    baseline: str | None = None
    severity: Mapping[str, str] = {}
    per_file_ignores: Mapping[str, Sequence[str]] = {}
    folder: str = "."

    def excludes(self, file: str) -> bool:
        """Whether the file is not to be checked."""
        return bool(self.exclude) and file != "-" and self.names(file, self.exclude)

    def leaves_out(self, file: str) -> bool:
        """Whether nobody needs to hear that the file was skipped: it is excluded, or the baseline itself."""
        known = self.baseline is not None and relative(file, os.curdir) == relative(self.baseline, os.curdir)
        return known or self.excludes(file)

    def names(self, file: str, patterns: Sequence[str]) -> bool:
        """Whether one of the patterns names the file or a folder that it lies in. A star matches slashes too."""
        path = relative(file, self.folder)
        return any(fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern.rstrip('/')}/*") for pattern in patterns)


def find(folder: str = ".") -> Settings:
    """The settings of the nearest configuration, from `folder` upward; the defaults where there is none.

    Raises:
        ConfigError: the configuration is wrong.
    """
    try:
        current = os.path.abspath(folder)
    except OSError:  # the working directory has been removed
        return Settings()
    while True:
        for name in (OWN_FILE, PYPROJECT):
            path = os.path.join(current, name)
            if os.path.isfile(path) and (table := _table(_relative(path))) is not None:
                return _settings(table, _relative(path))
        if (parent := os.path.dirname(current)) == current:
            return Settings()
        current = parent


def load(path: str) -> Settings:
    """The settings of the file `path`.

    Raises:
        ConfigError: the file is missing, has no `[tool.roadworthy]`, or is wrong.
    """
    table = _table(path)
    if table is None:
        raise ConfigError(f"{path}: no [tool.roadworthy] table")
    return _settings(table, path)


def _table(path: str) -> Any:
    """The configuration in a file; None for a pyproject.toml (or another file of several tools) that has none."""
    data = _bytes(path)
    shared = os.path.basename(path) == PYPROJECT
    if shared and not (b"roadworthy" in data and re.search(_TABLE, data)):
        return None
    import tomllib  # noqa: PLC0415 - only who has a configuration pays for it

    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    if not shared and "tool" not in document:
        return document
    tools = document.get("tool")
    return tools.get("roadworthy") if isinstance(tools, dict) else None


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"{path}: {reason.lower()}") from None


def _settings(table: Any, path: str) -> Settings:
    where = f"{path}: [tool.roadworthy]" if os.path.basename(path) == PYPROJECT else f"{path}:"
    if not isinstance(table, dict):
        raise ConfigError(f"{where} is {table!r}: it must be a table")
    folder = os.path.dirname(os.path.abspath(path))
    read: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigError(f"{where} unknown key `{key}`{hint(key, _KEYS)}")
        read[key.replace("-", "_")] = _KEYS[key](value, f"{where} {key}")
    if read.get("baseline") is not None:
        read["baseline"] = _relative(os.path.join(folder, read["baseline"]))
    return Settings(**read, folder=folder)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ConfigError(f"{where} = {value!r}: it must be a list of texts")
    return tuple(value)


def _rules(value: Any, where: str) -> tuple[str, ...]:
    patterns = _texts(value, where)
    _refuse_unknown_rules(patterns, where)
    return patterns


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{where} = {value!r}: it must be a text")
    return value


def _level(value: Any, where: str, known: Sequence[str] = FAIL_LEVELS) -> str:
    if value not in known:
        raise ConfigError(f"{where} = {value!r}{hint(str(value), known)}")
    return str(value)


def _severities(value: Any, where: str) -> dict[str, str]:
    table = _mapping(value, where)
    _refuse_unknown_rules(table, where)
    return {rule: _level(severity, f"{where}.{rule}", SEVERITIES) for rule, severity in table.items()}


def _per_file(value: Any, where: str) -> dict[str, tuple[str, ...]]:
    return {pattern: _rules(rules, f"{where}.{pattern!r}") for pattern, rules in _mapping(value, where).items()}


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} = {value!r}: it must be a table")
    return value


def _refuse_unknown_rules(patterns: Any, where: str) -> None:
    from roadworthy.rules.engine.selection import refuse_unknown  # noqa: PLC0415 - only who names rules pays for them

    refuse_unknown(patterns, where)


def _relative(path: str) -> str:
    """`path` as seen from the working directory, for messages."""
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):  # no working directory; another drive; a NUL
        return path


_KEYS: dict[str, Callable[[Any, str], Any]] = {
    "select": _rules,
    "ignore": _rules,
    "fail-on": _level,
    "exclude": _texts,
    "baseline": _text,
    "severity": _severities,
    "per-file-ignores": _per_file,
}

"""Settings: the hook's `hookDetails` first, then the function's environment.

`TIMEOUT_SECONDS` of the environment is `timeoutSeconds` in the details.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class SettingError(ValueError):
    """A setting is missing or wrong; the message names it and says what it must be."""


@dataclass(frozen=True)
class Options:
    """Where settings come from; every method raises SettingError."""

    environment: Mapping[str, str]
    details: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty; a missing one is the default, if there is any."""
        value, where = self._find(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise SettingError(f"{where} is {_shown(value)}: it must be a text")
        return value.strip()

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of some texts."""
        value = self.text(name, default)
        if value not in choices:
            raise SettingError(f"{self._find(name)[1]} is {value!r}: it must be {' or '.join(choices)}")
        return value

    def number(self, name: str, default: int | None = None, *, least: int, most: int) -> int:
        """A whole number between two others, which it may equal."""
        value, where = self._find(name)
        value = default if value is None else value
        wrong = SettingError(f"{where} is {_shown(value)}: it must be a whole number from {least} to {most}")
        try:
            number = float(str(value))  # JSON on its way through ECS may turn 60 into 60.0
        except ValueError:
            raise wrong from None
        if not least <= number <= most or not number.is_integer():
            raise wrong
        return int(number)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts, in the environment as JSON; at least one."""
        value, where = self._find(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                value = None
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise SettingError(f'{where} must be a JSON list of texts, such as ["python", "-m", "app.migrate"]')
        return tuple(value)

    def _find(self, name: str) -> tuple[Any, str]:
        """The value (None when there is none), and how to call it."""
        first, *rest = name.lower().split("_")
        detail = first + "".join(word.capitalize() for word in rest)
        value = self.details.get(detail)
        if value is not None:
            return value, f"{detail} in hookDetails"
        return self.environment.get(name) or None, f"the variable {name}"


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:100]

"""Systems Manager: the parameters of its store.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
"""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.wire.backend import AwsError, Backend

MOST_NAMES = 10


class Ssm:
    """Parameters by name, with their texts."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._parameters: dict[str, str] = {}
        backend.register("ssm", "GetParameters", self._get_parameters)

    def add(self, name: str, value: str) -> str:
        """Let a parameter exist; returns its ARN."""
        self._parameters[name] = value
        return self._arn(name)

    def _get_parameters(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if len(asked["Names"]) > MOST_NAMES:
            raise AwsError(
                "ValidationException",
                "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length "
                f"less than or equal to {MOST_NAMES}",
            )
        names = {wanted: self._find(wanted) for wanted in asked["Names"]}
        found = [self._parameter(name) for name in names.values() if name]
        return {"Parameters": found, "InvalidParameters": [wanted for wanted, name in names.items() if not name]}

    def _find(self, wanted: str) -> str | None:
        """The name of a parameter that is given by its name or its ARN."""
        return next((name for name in self._parameters if wanted in (name, self._arn(name))), None)

    def _parameter(self, name: str) -> dict[str, Any]:
        value = self._parameters[name]
        return {"Name": name, "Type": "String", "Value": value, "Version": 1, "ARN": self._arn(name)}

    def _arn(self, name: str) -> str:
        return self._backend.arn("ssm", f"parameter/{name.removeprefix('/')}")

"""Secrets Manager: which secrets there are.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from roadworthy.testing.wire.backend import AwsError, Backend

CURRENT = "AWSCURRENT"


class SecretsManager:
    """Secrets by name, with their texts."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._secrets: dict[str, str] = {}
        backend.register_all(
            "secretsmanager", {"DescribeSecret": self._describe_secret, "GetSecretValue": self._get_secret_value}
        )

    def add(self, name: str, text: str = "{}") -> str:
        """Let a secret exist; returns its ARN, which ends in a hyphen and six characters."""
        self._secrets[name] = text
        return self._arn(name)

    def _describe_secret(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        name = self._find(asked["SecretId"])
        version = _version(name)
        return {"ARN": self._arn(name), "Name": name, "VersionIdsToStages": {version: [CURRENT]}}

    def _get_secret_value(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        name = self._find(asked["SecretId"])
        if asked.get("VersionStage", CURRENT) != CURRENT:
            stage = asked["VersionStage"]
            raise _not_found(f"Secrets Manager can't find the specified secret value for staging label: {stage}")
        value = {"SecretString": self._secrets[name], "VersionId": _version(name), "VersionStages": [CURRENT]}
        return {"ARN": self._arn(name), "Name": name, **value}

    def _find(self, wanted: str) -> str:
        """The name of a secret that is given by its name, its ARN, or its ARN without the six characters."""
        for name in self._secrets:
            arn = self._arn(name)
            if wanted in (name, arn, arn[: -len("-123456")]):
                return name
        raise _not_found("Secrets Manager can't find the specified secret.")

    def _arn(self, name: str) -> str:
        return self._backend.arn("secretsmanager", f"secret:{name}-{_digest(name)[:6]}")


def _not_found(message: str) -> AwsError:
    return AwsError("ResourceNotFoundException", message)


def _version(name: str) -> str:
    digest = _digest(f"version of {name}")
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

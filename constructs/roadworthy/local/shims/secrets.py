"""Secrets Manager secrets from a template.

Lack: Ref of a secret is its name, not its ARN; GenerateSecretString ignores its exclusions.
Effect: a container's `valueFrom` (`Ref` + `:token::`) does not resolve, so the task cannot start.
Shim: Ref is the ARN; the generated string keeps to the allowed characters.
Faithful: fully, but `cdk drift` shows the secret as deleted.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html
"""

import json
import secrets
import string
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import handlers, provisioners, secrets_manager

_KINDS = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}


def install(_: Settings) -> None:
    """Answer Ref with the ARN and generate as asked."""
    handler = handlers["AWS::SecretsManager::Secret"]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def create_secret(*arguments: Any) -> tuple[str, dict[str, Any]]:
        _name, attributes = create(*arguments)
        return attributes["Arn"], attributes

    def update_secret(arn: str, *arguments: Any) -> tuple[str, dict[str, Any]]:
        _name, attributes = update(_name_of(arn), *arguments)
        return attributes["Arn"], attributes

    handler.update(create=create_secret, update=update_secret, delete=lambda arn, props: delete(_name_of(arn), props))
    provisioners._sm_secret_string = _secret_string


def _name_of(arn: str) -> str:
    return next((name for name, secret in secrets_manager._secrets.items() if secret["ARN"] == arn), arn)


def _secret_string(properties: dict[str, Any]) -> str:
    wanted = properties.get("GenerateSecretString")
    if not wanted or properties.get("SecretString"):
        return str(properties.get("SecretString", ""))
    excluded = str(wanted.get("ExcludeCharacters", ""))
    pool = "".join(chars for flag, chars in _KINDS.items() if str(wanted.get(flag, False)).lower() != "true")
    allowed = [char for char in pool if char not in excluded]
    value = "".join(secrets.choice(allowed) for _ in range(int(wanted.get("PasswordLength", 32))))
    template = wanted.get("SecretStringTemplate")
    return json.dumps({**json.loads(template), wanted["GenerateStringKey"]: value}) if template else value

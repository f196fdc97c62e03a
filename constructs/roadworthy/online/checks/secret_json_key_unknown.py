"""The JSON key that is asked of a secret is in it.

## Why is this bad?

The task never starts: `ResourceInitializationError: ... retrieved secret from Secrets Manager did not contain json
key NAME`. The same happens where the secret is no JSON object.

The secret is read to learn the names of its keys; its value is neither printed nor kept. Who does not want that
leaves the permission out: then this check says that it was skipped, and the others still run.

## Needs

`secretsmanager:GetSecretValue` on the secrets of which a key is asked, and `kms:Decrypt` on their keys where they are
the account's own.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.engine import ERROR, Finding, online_check
from roadworthy.online.failures import Absent
from roadworthy.online.operations import GET_SECRET_VALUE
from roadworthy.online.subjects.secrets import SecretUse, keyed_secret_uses


@online_check(
    "secret-json-key-unknown",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    subjects=keyed_secret_uses,
)
def check(use: SecretUse, aws: Aws) -> Iterator[Finding]:
    """Report a key that is not in the secret."""
    keys = _keys(use, aws)
    if keys is not None and use.key not in keys:
        state = "has no such key" if keys else "is no JSON object with keys"
        yield Finding(
            at=use.place,
            message=f"container `{use.container.label}` asks for the key `{use.key}` of secret `{use.label}`, "
            f"which {state}",
            fix="Name a key that the secret has, or add it to the secret",
            assumed=use.assumed,
        )


def _keys(use: SecretUse, aws: Aws) -> frozenset[str] | None:
    """The names of the secret's keys; None when it is not there, or is no text."""
    version = {"VersionStage": use.stage, "VersionId": use.version}
    named = {name: value for name, value in version.items() if value}
    try:
        return aws.ask(GET_SECRET_VALUE, region=use.arn.region, about=str(use.arn), SecretId=str(use.arn), **named)
    except Absent:  # which `secret-or-parameter-missing` reports
        return None

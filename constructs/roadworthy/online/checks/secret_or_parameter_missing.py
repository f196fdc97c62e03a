"""The secrets and parameters that a container gets exist.

## Why is this bad?

The task never starts: `ResourceInitializationError: unable to pull secrets or registry auth: ... invalid ssm
parameters`, or `ResourceNotFoundException: Secrets Manager can't find the specified secret`. A secret that is
scheduled for deletion cannot be read either, nor one that has no value yet.

Looked at are `Secrets`, the `SecretOptions` of the log configuration and `RepositoryCredentials`. A `valueFrom`
without `arn:` is a parameter's name. Secrets and parameters that the same documents make are not asked about,
and of another account's only what its policy lets the caller see is reported.

## Needs

`secretsmanager:DescribeSecret` on the secrets, `ssm:GetParameters` on the parameters. Values are neither decrypted
nor kept.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.engine import ERROR, Finding, online_check
from roadworthy.online.failures import Absent, Denied, Unanswered
from roadworthy.online.operations import DESCRIBE_SECRET, GET_PARAMETERS
from roadworthy.online.subjects.secrets import ParameterBatch, ParameterUse, SecretUse, parameter_batches, secret_uses

ID = "secret-or-parameter-missing"
SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html"
CURRENT = "AWSCURRENT"  # the label that is meant where none is written


@online_check(ID, severity=ERROR, source=SOURCE, subjects=secret_uses)
def check_secret(use: SecretUse, aws: Aws) -> Iterator[Finding]:
    """Report a secret that cannot be read."""
    try:
        secret = aws.ask(DESCRIBE_SECRET, region=use.arn.region, about=str(use.arn), SecretId=str(use.arn))
    except Absent:
        yield _finding(use, f"does not exist in region {use.arn.region}", "Create the secret, or name another")
        return
    stage = use.stage or CURRENT
    if secret.deleted:
        yield _finding(use, "is scheduled for deletion", "Restore the secret, or name another")
    elif not use.version and stage not in secret.stages:
        yield _finding(use, f"has no version with the label `{stage}`", "Give the secret a value, or name another")


@online_check(ID, severity=ERROR, source=SOURCE, subjects=parameter_batches)
def check_parameters(parameters: ParameterBatch, aws: Aws) -> Iterator[Finding]:
    """Report the parameters that do not exist."""
    batch = parameters.batch
    for name, uses in batch.uses.items():
        if name in _invalid(list(batch.uses), name, uses[0], aws):
            for use in uses:
                yield Finding(
                    at=use.place,
                    message=f"container `{use.container.label}` uses parameter `{name}`, "
                    f"which does not exist in region {use.region}",
                    fix="Create the parameter, or name another",
                    assumed=use.assumed,
                )


def _invalid(names: list[str], name: str, use: ParameterUse, aws: Aws) -> frozenset[str]:
    """The names that are not parameters. Of a batch that AWS refuses as a whole, `name` is asked about alone."""
    try:
        return aws.ask(GET_PARAMETERS, region=use.region, about=use.arn, Names=names)
    except (Denied, Unanswered):
        if len(names) > 1:
            return _invalid([name], name, use, aws)
        raise


def _finding(use: SecretUse, state: str, fix: str) -> Finding:
    message = f"container `{use.container.label}` uses secret `{use.label}`, which {state}"
    return Finding(use.place, message, fix, assumed=use.assumed)

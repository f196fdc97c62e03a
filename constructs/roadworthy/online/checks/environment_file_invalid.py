"""The environment files that a container gets from S3 exist.

## Why is this bad?

The task never starts: `ResourceInitializationError: failed to download env files`.

Files that the CDK uploads just before it deploys, and those in buckets that the same documents make, are not asked
about.

## Needs

`s3:GetObject` on the files, and `s3:ListBucket` on their buckets: without it S3 answers 403 for a file that does not
exist, so that nothing is reported but the lacking permission. The files are not read.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.engine import ERROR, Finding, online_check
from roadworthy.online.failures import Absent
from roadworthy.online.operations import HEAD_OBJECT
from roadworthy.online.subjects.environment_files import EnvironmentFile, environment_files


@online_check(
    "environment-file-invalid",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html",
    subjects=environment_files,
)
def check(file: EnvironmentFile, aws: Aws) -> Iterator[Finding]:
    """Report files that S3 does not have."""
    try:
        aws.ask(HEAD_OBJECT, region=file.region, about=str(file.arn), Bucket=file.bucket, Key=file.key)
    except Absent:
        yield Finding(
            at=file.place,
            message=f"container `{file.container.label}` gets environment file `{file.arn}`, which does not exist",
            fix="Upload the file before the deployment, or name one that exists",
            assumed=file.assumed,
        )

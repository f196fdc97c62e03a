"""The certificate of a listener is issued.

## Why is this bad?

Elastic Load Balancing refuses a listener with a certificate that ACM has not issued: it waits for its validation, the
validation failed or took too long, or it was revoked. An expired one keeps clients out.

Certificates that the same documents make are not asked about.

## Needs

`acm:DescribeCertificate` on the certificates.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.engine import ERROR, WARNING, Finding, online_check
from roadworthy.online.failures import Absent
from roadworthy.online.operations import DESCRIBE_CERTIFICATE
from roadworthy.online.subjects.certificates import CertificateUse, certificate_uses

ISSUED = "ISSUED"
ONCE_ISSUED = {"EXPIRED", "INACTIVE"}  # a listener may have it already, and keep it


@online_check(
    "acm-certificate-not-issued",
    severity=ERROR,
    source="https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html",
    subjects=certificate_uses,
)
def check(use: CertificateUse, aws: Aws) -> Iterator[Finding]:
    """Report certificates that a listener cannot present."""
    status = _status(use, aws)
    if status != ISSUED:
        state = f"has the status {status}" if status else "does not exist"
        yield Finding(
            at=use.place,
            message=f"certificate `{use.arn}` {state}",
            fix="Validate the certificate, or name one that is issued",
            severity=WARNING if status in ONCE_ISSUED else None,
            assumed=use.assumed,
        )


def _status(use: CertificateUse, aws: Aws) -> str | None:
    """ACM's status, None for a certificate that does not exist."""
    try:
        return aws.ask(DESCRIBE_CERTIFICATE, region=use.arn.region, about=str(use.arn), CertificateArn=str(use.arn))
    except Absent:
        return None

"""Waivers of rules: each with the reason for which it was granted."""

from collections.abc import Mapping

import aws_cdk as cdk
from constructs import IConstruct


def waive(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on a construct and all below it.

    Args:
        scope: where the findings are.
        reasons: finding id -> why it is accepted here, e.g. `{"AwsSolutions-IAM5[Resource::*]": "..."}`;
            our own rules have qualified ids (`roadworthy::latest-image-tag`).
    """
    cdk.Validations.of(scope).acknowledge(
        *(cdk.Acknowledgment(id=finding, reason=reason) for finding, reason in reasons.items())
    )

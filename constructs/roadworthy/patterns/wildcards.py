"""Waivers for ARNs with a `*` that are as narrow as AWS allows."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import aws_cdk as cdk
from constructs import IConstruct

from roadworthy.patterns.waivers import waive


def waive_wildcards(scope: IConstruct, arns: Iterable[str], reason: str) -> None:
    """Acknowledge cdk-nag's finding for each of the ARNs that has a `*`, tokens included; no other one.

    Args:
        scope: where the findings are.
        arns: the resources of policy statements.
        reason: why they cannot be narrower.
    """
    stack = cdk.Stack.of(scope)
    found = {_as_text(stack.resolve(arn)) for arn in arns}
    waive(scope, {f"AwsSolutions-IAM5[Resource::{arn}]": reason for arn in sorted(found) if "*" in arn})


def _as_text(value: Any) -> str:
    """A value as cdk-nag writes it in its findings: references in angle brackets."""
    if isinstance(value, str):
        return value
    ((function, argument),) = cast("Mapping[str, Any]", value).items()
    if function == "Fn::Join":
        return str(argument[0]).join(_as_text(part) for part in argument[1])
    return f"<{argument if isinstance(argument, str) else '.'.join(map(str, argument))}>"

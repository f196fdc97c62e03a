"""What the value objects share: CDK's tokens pass unchecked, whole numbers are checked against their range."""

import sys

import aws_cdk as cdk

_PLAIN = 2**53  # CDK writes a token as a number far outside of this


def is_token(value: object) -> bool:
    """Whether a value is known only to CloudFormation: a parameter, an attribute, another stack's export."""
    if isinstance(value, int | float):
        # CDK's process would end with what JSON has not: NaN and the infinities.
        return _PLAIN <= abs(value) <= sys.float_info.max and cdk.Token.is_unresolved(value)
    if isinstance(value, str):
        return "Token[" in value and cdk.Token.is_unresolved(value)
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value) and cdk.Token.is_unresolved(value)
    # What CDK does not know at all it cannot be asked about.
    return hasattr(value, "__jsii_type__") and cdk.Token.is_unresolved(value)


def text(number: float) -> str:
    """A number within a text, where it may be a token."""
    return cdk.Tokenization.stringify_number(number) if is_token(number) else str(number)


def out_of_range(value: object, low: int, high: int | None = None) -> str | None:
    """What is wrong with a value, as the end of a sentence; None for a token or a whole number in its range.

    Args:
        value: what was given.
        low: the least that may be.
        high: the most; default: no bound.
    """
    if is_token(value):
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        return "is not a whole number"
    if value < low or (high is not None and value > high):
        return f"is not in {low}..{high}" if high is not None else f"is less than {low}"
    return None

"""The sizes of a task as ECS writes them: CPU in units or vCPU, memory in MiB or GB.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
"""

import re

from roadworthy.template.model.properties import INTEGER
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import Value, known_text

UNITS_OF_VCPU = 1024
MEBIBYTES_OF_GB = 1024
AMOUNT = r"(?P<amount>[0-9]{0,6}(?:\.[0-9]{1,6})?)\s*"
VCPU = Pattern(AMOUNT + "vcpu", re.IGNORECASE)
GB = Pattern(AMOUNT + "gb", re.IGNORECASE)


def cpu_units(value: Value) -> int | None:
    """CPU units of `256`, `"256"` or `"1 vCPU"`; None for what is no size or not known."""
    return _amount(value, VCPU, UNITS_OF_VCPU)


def mebibytes(value: Value) -> int | None:
    """MiB of `512`, `"512"` or `"2 GB"`; None for what is no size or not known."""
    return _amount(value, GB, MEBIBYTES_OF_GB)


def _amount(value: Value, large: Pattern, factor: int) -> int | None:
    text = None if isinstance(value, bool) else known_text(value)
    if text is None:
        return None
    if INTEGER.fullmatch(text):
        return int(text)
    match = large.fullmatch(text.strip())
    return int(float(match["amount"]) * factor) if match and match["amount"] else None

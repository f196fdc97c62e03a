"""Names that AWS takes: which letters, and how many. What is made of another name is shortened, never cut blindly."""

import hashlib
import re
from typing import NamedTuple

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.values import is_token

_MARK = 8  # letters of the digest by which two shortened names differ


class InvalidNameError(RoadworthyError, ValueError):
    """A name that AWS would refuse."""


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    meaning: str


def _rule(pattern: str, meaning: str) -> _Rule:
    return _Rule(re.compile(pattern, re.ASCII), meaning)


_ECS = _rule(r"[\w-]{1,255}", "1 to 255 letters, digits, _ and -")
_TABLE = _rule(r"[\w.-]{3,255}", "3 to 255 letters, digits, _, . and -")
_RULES = {
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    "service": _ECS,
    "container": _ECS,
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
    "schedule": _rule(r"[\w.-]{1,64}", "1 to 64 letters, digits, _, . and -"),
    # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    "function": _rule(r"[\w-]{1,64}", "1 to 64 letters, digits, _ and -"),
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    "log group": _rule(r"[\w./#-]{1,512}", "1 to 512 letters, digits, _, ., /, # and -"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    "alarm": _rule(r"[^\x00-\x1f\x7f]{1,255}", "1 to 255 characters that can be printed"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    "dashboard": _rule(r"[\w-]{1,255}", "1 to 255 letters, digits, _ and -"),
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
    "policy": _rule(r"[\w+=,.@-]{1,128}", "1 to 128 letters, digits and _+=,.@-"),
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    "table": _TABLE,
    "index": _TABLE,
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    "alias": _rule(r"(?!aws/)[\w/-]{1,250}", "1 to 250 letters, digits, _, / and -, and does not begin with aws/"),
}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
_LONGEST_DESCRIPTION = 255
_NO_LOG_GROUP = re.compile(r"[^\w./#-]+", re.ASCII)


def refuse_name(kind: str, name: object) -> None:
    """Refuse a name that AWS would; a token passes unchecked.

    Args:
        kind: of what: `service`, `function`, `alarm` and so on.
        name: what was given.

    Raises:
        InvalidNameError: no such thing can have it; the message says what it may be.
    """
    rule = _RULES[kind]
    if not is_token(name) and not (isinstance(name, str) and rule.pattern.fullmatch(name)):
        raise InvalidNameError(f"{kind} name {name!r} is not {rule.meaning}")


def shortened(name: str, longest: int) -> str:
    """The name, or its beginning and a digest of the whole where it is too long; the same for the same name."""
    if is_token(name) or len(name) <= longest:
        return name
    return f"{name[: longest - _MARK - 1]}-{hashlib.sha256(name.encode()).hexdigest()[:_MARK]}"


def group_description(of: str, name: str) -> str:
    """The description of a security group: `Tasks of api`, at most 255 characters."""
    return f"{of} {shortened(name, _LONGEST_DESCRIPTION - len(of) - 1)}"


def log_group_name(prefix: str, name: str) -> str:
    """The log group of something whose own name may be any text: what it cannot have becomes a hyphen."""
    return f"{prefix}/{name}" if is_token(name) else f"{prefix}/{_NO_LOG_GROUP.sub('-', name)}"

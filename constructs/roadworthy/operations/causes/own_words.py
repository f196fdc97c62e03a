"""A text that no family knows is told as ECS wrote it."""

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.wording import has

KIND = "other"
MESSAGES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"
TROUBLE = r"fail|unable|not able|could not|cannot|can't|error|denied|not authorized|unhealthy|misconfigured|throttled"


def speaks_of_trouble(text: str) -> bool:
    """Whether the words tell of a failure, as far as one who does not know them can tell."""
    return has(TROUBLE, text) is not None


def own_words(text: str, source: str = MESSAGES) -> Cause:
    """The cause that the words themselves are; `text` is one line."""
    return Cause(KIND, text.rstrip(". ") or "ECS gives no reason", f"Look ECS's words up: {source}", text)

"""A cause."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cause:
    """Why something failed. Two are equal when they say the same, whichever task said it.

    Attributes:
        kind: its name in kebab-case, such as "image-not-found".
        what: the fact with its values, one line.
        next_step: what to do, one imperative sentence.
        evidence: AWS's own words, on one line.
    """

    kind: str
    what: str
    next_step: str
    evidence: str = field(compare=False)

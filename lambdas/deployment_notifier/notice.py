"""What is told to people: plain values, as JSON between the two functions."""

import dataclasses
import json
from enum import Enum


class Mood(Enum):
    """Whether somebody should worry."""

    GOOD = "good"
    INFO = "info"
    BAD = "bad"


@dataclasses.dataclass(frozen=True)
class Notice:
    """One thing that happened.

    Attributes:
        id: the event's id; the same whenever the event is given again.
        mood: whether somebody should worry.
        title: what happened, e.g. `deployment failed`.
        subject: to what: the service's name, or the alarm's.
        environment: e.g. `stage`.
        reason: why, in AWS's words.
        time: when, as AWS writes it: ISO 8601, UTC.
        link: the page in AWS's console; empty where there is none.
        images: a line for each container, e.g. `api: shop/api:1.2 -> shop/api:1.3`.
    """

    id: str
    mood: Mood
    title: str
    subject: str
    environment: str
    reason: str
    time: str
    link: str = ""
    images: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The notice as JSON text; `from_json` reads it."""
        return json.dumps({**dataclasses.asdict(self), "mood": self.mood.value})

    @classmethod
    def from_json(cls, text: str) -> "Notice":
        """Read what `to_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
        values = json.loads(text)
        return cls(**{**values, "mood": Mood(values["mood"]), "images": tuple(values["images"])})

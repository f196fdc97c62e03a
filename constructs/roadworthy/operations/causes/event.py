"""What a line of a service's log of events means.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.families import FAMILIES
from roadworthy.operations.causes.own_words import own_words, speaks_of_trouble
from roadworthy.operations.causes.values import values_of
from roadworthy.operations.causes.wording import cause_of_text, has, one_line

SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html"
NORMAL = (
    r"reached a steady state|has (?:started|stopped|begun draining)|(?:de)?registered \d+ (?:targets|instances)|"
    r"rolling back to deployment|deployment (?:ecs-svc/\d+\)? )?(?:completed|in progress)|AZ balanced|AZ Rebalanc|"
    r"scaling activity initiated|(?:updated computed|set) desired ?count"
)
REPLACED = r"due to an unhealthy status"


def cause_of_event(message: str) -> Cause | None:
    """The trouble that an event tells of; None when it tells of none."""
    message = one_line(message)
    if has(NORMAL, message) and not has(REPLACED, message):
        return None
    known = cause_of_text(message, FAMILIES, values_of(message))
    return known or (own_words(message, SOURCE) if speaks_of_trouble(message) else None)

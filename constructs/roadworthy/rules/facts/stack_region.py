"""The region that a stack is certainly deployed to."""

from roadworthy.template.document import Document
from roadworthy.template.model.properties import texts
from roadworthy.template.pattern import Pattern

SUBNET = "AWS::EC2::Subnet"
ZONE = Pattern(r"(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9])[a-z]")


def region_of(document: Document) -> str | None:
    """The region that CDK recorded, or that of an Availability Zone that the template names; None when not known."""
    if document.region:
        return document.region
    for logical_id in document.logical_ids(SUBNET):
        for known in texts(document.properties(logical_id), "AvailabilityZone"):
            match = ZONE.fullmatch(known.value)
            if match and not known.assumed:
                return match["region"]
    return None

"""Security groups, and who may send to whom.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Sequence
from functools import cached_property

from roadworthy.template.model.network.links import Links, links
from roadworthy.template.model.network.party import INTERNET, Party
from roadworthy.template.model.network.permission import Permission
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.resource import Resource

HTTPS = 443  # the port of all AWS services


class SecurityGroupIngress(Resource):
    """An inbound rule that is a resource of its own."""

    TYPE = "AWS::EC2::SecurityGroupIngress"


class SecurityGroupEgress(Resource):
    """An outbound rule that is a resource of its own."""

    TYPE = "AWS::EC2::SecurityGroupEgress"


class SecurityGroup(Resource):
    """A security group.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
    """

    TYPE = "AWS::EC2::SecurityGroup"

    @cached_property
    def vpcs(self) -> Links[Vpc]:
        """The VPC that it is in; the account's default one where none is written."""
        return links(self, Vpc, "VpcId")

    @cached_property
    def ingress(self) -> list[Permission]:
        """Its inbound rules: its own, and those that are resources."""
        return self._permissions("SecurityGroupIngress", self.model.network.ingress.of(self))

    @cached_property
    def egress(self) -> list[Permission]:
        """Its outbound rules: its own, and those that are resources."""
        return self._permissions("SecurityGroupEgress", self.model.network.egress.of(self))

    def receives(self, sender: Party, port: int, *, trusting: bool = False) -> bool | None:
        """Whether it lets TCP in from there; `trusting` the defaults of the ports that parameters give."""
        whole = self.model.network.ingress.is_whole(self) and self._is_plain("SecurityGroupIngress")
        return _any(self.ingress, sender, port, whole, trusting)

    def sends(self, receiver: Party, port: int) -> bool | None:
        """Whether it lets TCP out to there. Without an outbound rule of its own it lets everything out."""
        if self.sends_everywhere:
            return True
        whole = self.model.network.egress.is_whole(self) and self._is_plain("SecurityGroupEgress")
        return _any(self.egress, receiver, port, whole)

    @cached_property
    def sends_https_everywhere(self) -> bool:
        """Whether it certainly lets HTTPS out to every address: of the internet only 0.0.0.0/0 is all."""
        return self.sends_everywhere or any(each.allows(INTERNET, HTTPS) for each in self.egress)

    @cached_property
    def sends_everywhere(self) -> bool:
        """Whether it has no outbound rule of its own, so that AWS's default one lets everything out."""
        written = list(self.node.get("SecurityGroupEgress"))
        return not written or any(place.raw == [] for place in written)

    def _permissions(self, name: str, others: Sequence[Resource]) -> list[Permission]:
        own = [Permission(item, self) for item in self.node.all_items(name) if isinstance(item.raw, dict)]
        return own + [Permission(other.node, other) for other in others if isinstance(other.node.raw, dict)]

    def _is_plain(self, name: str) -> bool:
        """Whether the list of its own rules is written out."""
        places = list(self.node.get(name))
        items = [item.raw for place in places for item in place.items()]
        return all(isinstance(place.raw, list) for place in places) and not any(_is_function(raw) for raw in items)


def receives(receiver: Party, sender: Party, port: int, *, trusting: bool = False) -> bool | None:
    """Whether the receiver's security groups let TCP in on a port; None where that cannot be told.

    Args:
        receiver: who has the security groups.
        sender: from whom.
        port: the port.
        trusting: take ports of rules that parameters give for their defaults.
    """
    answers = [group.receives(sender, port, trusting=trusting) for group in receiver.groups.resources]
    return _union(answers, receiver)


def sends(sender: Party, receiver: Party, port: int) -> bool | None:
    """Whether the sender's security groups let TCP out to a port; None where that cannot be told."""
    return _union([group.sends(receiver, port) for group in sender.groups.resources], sender)


def _union(answers: list[bool | None], party: Party) -> bool | None:
    if True in answers:
        return True
    return False if answers and None not in answers and party.groups.whole else None


def _any(permissions: list[Permission], party: Party, port: int, whole: bool, trusting: bool = False) -> bool | None:
    answers = [permission.allows(party, port, trusting=trusting) for permission in permissions]
    if True in answers:
        return True
    return False if whole and None not in answers else None


def _is_function(raw: object) -> bool:
    return not isinstance(raw, dict) or (len(raw) == 1 and str(next(iter(raw))).startswith(("Fn::", "Ref")))

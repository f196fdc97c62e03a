"""A rule of a security group: which ports, from or to whom."""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from roadworthy.template.model.network.cidr import Cidr, parse_cidr
from roadworthy.template.model.network.party import Party
from roadworthy.template.model.network.vpc import Vpc
from roadworthy.template.model.properties import Known, assumed, contents, number
from roadworthy.template.model.resource import Resource
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value, known_text

if TYPE_CHECKING:
    from roadworthy.template.model.network.security_group import SecurityGroup

GROUP = "AWS::EC2::SecurityGroup"
GROUPS = ("SourceSecurityGroupId", "DestinationSecurityGroupId")
# What may be anybody: prefix lists, IPv6, groups by name, groups of other accounts.
OTHERS = (
    "SourcePrefixListId",
    "DestinationPrefixListId",
    "CidrIpv6",
    "SourceSecurityGroupName",
    "SourceSecurityGroupOwnerId",
)
TCP = {"tcp", "6"}
ALL = "-1"


class Range(NamedTuple):
    """A range of addresses, and whether it rests on a parameter's default."""

    cidr: Cidr
    is_assumed: bool


Peer: TypeAlias = "SecurityGroup | Range | None"


class Permission:
    """A rule of a security group, written in it or as a resource of its own.

    Attributes:
        node: its properties.
        owner: the resource that it is, or is written in.
    """

    def __init__(self, node: Node, owner: Resource) -> None:
        self.node, self.owner = node, owner

    def allows(self, party: Party, port: int, *, trusting: bool = False) -> bool | None:
        """Whether it lets TCP through, on that port, from or to that party; `trusting` the defaults of its ports."""
        ports = self._has_port(port)
        if ports is None and trusting and self.assumed_ports and self._has_other_ports:
            ports = False
        if ports is False:
            return False
        who = self._is_for(party)
        return ports and who if who is not False else False

    @cached_property
    def _protocols(self) -> list[str | None]:
        return [_text(known) for known in contents(self.node, "IpProtocol")] or [None]

    @cached_property
    def _ports(self) -> tuple[list[int], list[int]]:
        """The first and the last ports that it can have; nothing where one is not known."""
        firsts, lasts = (contents(self.node, name) for name in ("FromPort", "ToPort"))
        known = [[n for n in map(number, (each.value for each in ends)) if n is not None] for ends in (firsts, lasts)]
        whole = len(known[0]) == len(firsts) and len(known[1]) == len(lasts)
        return (known[0], known[1]) if whole else ([], [])

    @cached_property
    def assumed_ports(self) -> frozenset[str]:
        """The parameters whose defaults its ports rest on."""
        return assumed(*contents(self.node, "FromPort"), *contents(self.node, "ToPort"))

    @property
    def _has_other_ports(self) -> bool:
        """Whether a port that is not in its range is none of its own: protocol and range are known."""
        return None not in self._protocols and all(self._ports)

    def _has_port(self, port: int) -> bool | None:
        if ALL in self._protocols:
            return True
        if not any(protocol is None or protocol in TCP for protocol in self._protocols):
            return False
        firsts, lasts = self._ports
        low, high = min(firsts, default=None), max(lasts, default=None)
        if None in self._protocols or low is None or high is None:
            return None
        if low == -1 or low <= port <= high:
            return True
        return None if self.assumed_ports else False

    def _is_for(self, party: Party) -> bool | None:
        answers = [_matches(peer, party) for peer in self._peers]
        if True in answers:
            return True
        return None if None in answers or not answers else False

    @cached_property
    def _peers(self) -> list[Peer]:
        """From or to whom it is; None for somebody who is not known."""
        raw = self.node.raw
        groups = [known.value for name in GROUPS if name in raw for known in contents(self.node, name)]
        ranges = contents(self.node, "CidrIp") if "CidrIp" in raw else []
        others: list[Peer] = [None for name in OTHERS if name in raw]
        return others + [self._group(value) for value in groups] + [self._range(known) for known in ranges]

    def _group(self, value: Value) -> Peer:
        if isinstance(value, Reference) and value.document.type_of(value.name) == GROUP:
            return self.owner.model.network.security_group(value)
        return None

    def _range(self, known: Known[Value]) -> Peer:
        """The range that is written, or a VPC's; None where it is not known."""
        value = known.value
        if isinstance(value, Reference):
            is_vpc = value.document.type_of(value.name) == Vpc.TYPE and value.attribute == "CidrBlock"
            cidr = self.owner.model.resource(Vpc, value.document, value.name).cidr if is_vpc else None
        else:
            cidr = parse_cidr(known_text(value) or "")
        return None if cidr is None else Range(cidr, bool(known.assumed))


def _matches(peer: Peer, party: Party) -> bool | None:
    if peer is None:
        return None
    if isinstance(peer, Range):
        answer = party.is_in_range(peer.cidr)
        return None if answer is False and peer.is_assumed else answer
    return party.is_in_group(peer)


def _text(known: Known[Value]) -> str | None:
    text = known_text(known.value)
    return None if text is None or known.assumed else text.lower()

"""Ranges of IPv4 addresses.

Source: https://www.rfc-editor.org/rfc/rfc4632
"""

from typing import NamedTuple

BITS = 32
OCTETS, OCTET = 4, 255


class Cidr(NamedTuple):
    """A range of addresses, as numbers; both ends belong to it."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many addresses it has."""
        return self.last - self.first + 1

    def contains(self, other: "Cidr") -> bool:
        """Whether all of `other` lies in it."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: "Cidr") -> bool:
        """Whether they have an address in common."""
        return self.first <= other.last and other.first <= self.last


def parse_cidr(text: str) -> Cidr | None:
    """`10.0.0.0/16` as a range; None when it is none."""
    start, _, prefix = text.strip().partition("/")
    octets, length = [_number(part, 3) for part in start.split(".")], _number(prefix, 2)
    if len(octets) != OCTETS or max(octets) > OCTET or length > BITS or min(*octets, length) < 0:
        return None
    size = 1 << (BITS - length)
    address = int.from_bytes(octets, "big")
    return Cidr(address - address % size, address - address % size + size - 1)


def _number(text: str, digits: int) -> int:
    """A number of so many digits at most; -1 for anything else."""
    return int(text) if len(text) <= digits and text.isascii() and text.isdecimal() else -1


# Addresses that are nowhere in the internet. https://www.rfc-editor.org/rfc/rfc1918, rfc6598, rfc1122
PRIVATE = [
    found
    for found in map(parse_cidr, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"))
    if found
]
EVERYWHERE = Cidr(0, (1 << BITS) - 1)
NOWHERE = Cidr(EVERYWHERE.last, EVERYWHERE.last)  # 255.255.255.255/32, with which CDK writes "no traffic at all"


def is_private(cidr: Cidr) -> bool:
    """Whether none of the range lies in the internet."""
    return cidr == NOWHERE or any(private.contains(cidr) for private in PRIVATE)

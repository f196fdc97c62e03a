import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.template.model.network.cidr import is_private, parse_cidr

NETWORKS = st.builds(
    lambda address, length: ipaddress.ip_network((address, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@given(NETWORKS)
def test_a_range_has_the_addresses_that_python_finds(network):
    cidr = parse_cidr(str(network))
    assert (cidr.first, cidr.last) == (int(network.network_address), int(network.broadcast_address))
    assert cidr.size == network.num_addresses


@given(NETWORKS, NETWORKS)
def test_ranges_contain_and_meet_as_python_finds(one, other):
    left, right = parse_cidr(str(one)), parse_cidr(str(other))
    assert left.contains(right) == other.subnet_of(one)
    assert left.meets(right) == one.overlaps(other)


@pytest.mark.parametrize("text", ["10.0.0.0", "10.0.0.0/33", "10.0.0.256/24", "::/0", "10.0.0.0/16/8", "", "x"])
def test_what_is_no_range_is_none(text):
    assert parse_cidr(text) is None


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("10.1.0.0/16", True),
        ("192.168.0.0/24", True),
        ("255.255.255.255/32", True),
        ("8.0.0.0/7", False),
        ("0.0.0.0/0", False),
    ],
)
def test_private_ranges_are_nowhere_in_the_internet(text, private):
    assert is_private(parse_cidr(text)) == private

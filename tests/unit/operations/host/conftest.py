"""A host on which the first version serves."""

import pytest

from tests.unit.operations.host.virtual import VirtualHost


@pytest.fixture
def virtual() -> VirtualHost:
    """In memory, in virtual time."""
    return VirtualHost()

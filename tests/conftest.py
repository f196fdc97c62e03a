"""How the tests share two cores: what is slow to start is started once, in one process."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# More examples: HYPOTHESIS_EXAMPLES=1000 make test ARGS=tests/unit
settings.register_profile("suite", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "40")))
settings.load_profile("suite")

TESTS = Path(__file__).parent
# The longest first: the deployment to the local AWS, the emulator's contracts, synthesis; the rest is spread.
GROUPS = ("e2e", "local", "synth")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each group in one process of `pytest -n 2 --dist loadgroup`, which hands out tests in this order."""
    for item in items:
        if group(item) in GROUPS:
            item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(key=lambda item: GROUPS.index(group(item)) if group(item) in GROUPS else len(GROUPS))


def group(item: pytest.Item) -> str:
    """The folder of tests/ that a test is in."""
    return item.path.relative_to(TESTS).parts[0]

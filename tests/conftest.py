"""How the tests share two cores: file by file (`--dist loadfile`), so that what a file starts is started once."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand the slow folders out first."""
    items.sort(key=lambda item: GROUPS.index(group(item)) if group(item) in GROUPS else len(GROUPS))


def group(item: pytest.Item) -> str:
    """The folder of tests/ that a test is in."""
    return item.path.relative_to(TESTS).parts[0]

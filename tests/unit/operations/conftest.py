"""Fixtures of the verbs."""

from pathlib import Path

import pytest

from tests.unit.operations.operate import Shop
from tests.unit.operations.operate import shop as make_shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The shop, in a folder of its own that has its services.toml."""
    monkeypatch.chdir(tmp_path)
    return make_shop(tmp_path)

"""Fixtures of the verbs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.operations.operate import Shop
from tests.unit.operations.operate import shop as make_shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The shop, in a folder of its own that has its services.toml."""
    monkeypatch.chdir(tmp_path)
    return make_shop(tmp_path)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Shop]:
    """Makes a new shop each time."""
    monkeypatch.chdir(tmp_path)
    return lambda: make_shop(tmp_path)

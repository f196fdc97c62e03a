"""The test of a new service: its stack synthesizes, and Roadworthy finds nothing in it."""

from roadworthy.scaffold.names import Names

_TEST = '''\
"""The stack of `{service}`, as services.toml has it."""

from pathlib import Path

import pytest

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecs as ecs  # noqa: E402

import roadworthy  # noqa: E402
from roadworthy.catalogue import Catalogue  # noqa: E402
from roadworthy.patterns import PrivateNetwork  # noqa: E402
from stacks.{module} import {stack}  # noqa: E402

CATALOGUE = Catalogue.load(Path(__file__).parents[1] / "services.toml")
ENTRIES = [entry for entry in CATALOGUE.entries if entry.service == "{service}"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.environment.name)
def test_roadworthy_finds_nothing(entry):
    app = cdk.App()
    env = cdk.Environment(region=entry.environment.region)
    shared = cdk.Stack(app, "Shared", env=env)
    zones = [f"{{env.region}}a", f"{{env.region}}b"]
    network = PrivateNetwork(shared, "Network", availability_zones=zones)
    insights = ecs.ContainerInsights.ENABLED
    cluster = ecs.Cluster(shared, "Cluster", vpc=network.vpc, container_insights_v2=insights)
    given = {{"network": network, "cluster": cluster, "image_reference": "0123456789ab"}}
    {stack}(app, "Service", env=env, environment=entry.environment, **given)
    assert roadworthy.check(app.synth().directory).findings == []
'''


def check_text(names: Names) -> str:
    """The module of the test."""
    return _TEST.format(service=names.service, module=names.module, stack=names.stack)

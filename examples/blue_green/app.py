"""A service whose new version starts next to the old one, proves itself, and gets the traffic within five minutes.

cd examples/blue_green && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402

from roadworthy.patterns import (  # noqa: E402
    Deployment,
    HealthCheck,
    HealthGate,
    HttpService,
    Image,
    Migration,
    PrivateNetwork,
    TickGuard,
)
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "BlueGreen", env=cdk.Environment(region="eu-west-1"))
repository = ecr.Repository.from_repository_name(stack, "Repository", "shop")
HttpService(
    stack,
    "Service",
    network=PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"]),
    name="shop",
    image=Image.from_ecr(repository, reference="3f2a9c1d0b7e"),
    port=8000,
    health_check=HealthCheck.http("/health", interval_seconds=5, timeout_seconds=4, start_seconds=10),
    longest_request=cdk.Duration.seconds(15),
    deployment=Deployment.blue_green(
        migration=Migration.run_task(["python", "-m", "shop.migrate"]),
        health_gate=HealthGate(),
        tick=TickGuard.lease(max_wait=cdk.Duration.seconds(15)),
        max_errors=5,
        bake=cdk.Duration.minutes(2),
    ),
)
sys.exit(synth(app))

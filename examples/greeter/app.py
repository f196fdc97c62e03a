"""The smallest app: one service, behind an internal load balancer, in a network of its own.

cd examples/greeter && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402

from roadworthy.patterns import HealthCheck, HttpService, Image, PrivateNetwork  # noqa: E402
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "Greeter", env=cdk.Environment(region="eu-west-1"))
repository = ecr.Repository.from_repository_name(stack, "Repository", "greeter")
HttpService(
    stack,
    "Service",
    network=PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"]),
    name="greeter",
    image=Image.from_ecr(repository, reference="3f2a9c1d0b7e"),
    port=8000,
    health_check=HealthCheck.http("/health"),
)
sys.exit(synth(app))

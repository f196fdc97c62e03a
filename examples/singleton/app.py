"""A scheduler that must never run twice: a deployment stops the old task before it starts the new one.

cd examples/singleton && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402

from roadworthy.patterns import HealthCheck, Image, PrivateNetwork, SingletonService  # noqa: E402
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "Singleton", env=cdk.Environment(region="eu-west-1"))
repository = ecr.Repository.from_repository_name(stack, "Repository", "scheduler")
SingletonService(
    stack,
    "Service",
    network=PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"]),
    name="scheduler",
    image=Image.from_ecr(repository, tag="3f2a9c1d0b7e"),
    health_check=HealthCheck.command(["CMD", "scheduler", "--is-alive"]),
)
sys.exit(synth(app))

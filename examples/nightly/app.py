"""A task that runs each night at three in Singapore.

cd examples/nightly && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402

from roadworthy.patterns import Image, PrivateNetwork, ScheduledTask  # noqa: E402
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "Nightly", env=cdk.Environment(region="eu-west-1"))
repository = ecr.Repository.from_repository_name(stack, "Repository", "report")
ScheduledTask(
    stack,
    "Report",
    network=PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"]),
    name="report",
    image=Image.from_ecr(repository, tag="3f2a9c1d0b7e"),
    schedule="cron(0 3 * * ? *)",
    time_zone="Asia/Singapore",
)
sys.exit(synth(app))

"""A worker that takes orders from a queue: it may read the queue, and no one may call it.

cd examples/worker && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ec2 as ec2  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402
from aws_cdk import aws_sqs as sqs  # noqa: E402

from roadworthy.patterns import Capacity, Image, WorkerService  # noqa: E402
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "Worker", env=cdk.Environment(region="eu-west-1"))
orders = sqs.Queue(stack, "Orders", enforce_ssl=True)
repository = ecr.Repository.from_repository_name(stack, "Repository", "worker")
worker = WorkerService(
    stack,
    "Service",
    network=ec2.Vpc(stack, "Vpc", availability_zones=["eu-west-1a", "eu-west-1b"], nat_gateways=1),
    name="worker",
    image=Image.from_ecr(repository, tag="3f2a9c1d0b7e"),
    environment={"QUEUE_URL": orders.queue_url},
    capacity=Capacity(base=1, spot_weight=3),
    stop_timeout=cdk.Duration.seconds(110),
)
orders.grant_consume_messages(worker)
sys.exit(synth(app))

"""A connection pooler behind a Network Load Balancer, and the service that comes through it to the database.

cd examples/pooler && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402

from roadworthy.patterns import Image, PrivateNetwork, TcpService, WorkerService  # noqa: E402
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "Pooler", env=cdk.Environment(region="eu-west-1"))
network = PrivateNetwork(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"])
pooler = TcpService(
    stack,
    "Pooler",
    network=network,
    name="pgbouncer",
    image=Image.from_ecr(ecr.Repository.from_repository_name(stack, "Images", "pgbouncer"), tag="1.24.1"),
    port=6432,
)
worker = WorkerService(
    stack,
    "Worker",
    network=network,
    cluster=pooler.cluster,
    name="worker",
    image=Image.from_ecr(ecr.Repository.from_repository_name(stack, "WorkerImages", "worker"), tag="3f2a9c1d0b7e"),
    environment={"DATABASE_ADDRESS": pooler.address},
)
pooler.allow_from(worker)
sys.exit(synth(app))

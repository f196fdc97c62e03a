"""Two services behind one public load balancer: a web page, and a WebSocket gateway on a path of its own.

cd examples/storefront && npx cdk synth
"""

import sys

from roadworthy.node import use_pinned_node

use_pinned_node()  # before aws_cdk: jsii starts its Node.js on import

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_certificatemanager as acm  # noqa: E402
from aws_cdk import aws_ec2 as ec2  # noqa: E402
from aws_cdk import aws_ecr as ecr  # noqa: E402

from roadworthy.patterns import HealthCheck, HttpService, Image, Route  # noqa: E402

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0123abcd-0123-4567-89ab-0123456789ab"
from roadworthy.plugin import synth  # noqa: E402

app = cdk.App()
stack = cdk.Stack(app, "Storefront", env=cdk.Environment(region="eu-west-1"))
vpc = ec2.Vpc(stack, "Vpc", availability_zones=["eu-west-1a", "eu-west-1b"], nat_gateways=1)
web = HttpService(
    stack,
    "Web",
    network=vpc,
    name="web",
    image=Image.from_ecr(ecr.Repository.from_repository_name(stack, "WebImages", "web"), tag="3f2a9c1d0b7e"),
    port=8000,
    health_check=HealthCheck.http("/health"),
    public=True,
    certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
    idle_timeout=cdk.Duration.minutes(5),
)
HttpService(
    stack,
    "Gateway",
    network=vpc,
    cluster=web.cluster,
    name="gateway",
    image=Image.from_ecr(ecr.Repository.from_repository_name(stack, "GatewayImages", "gateway"), tag="9c1d0b7e3f2a"),
    port=8080,
    health_check=HealthCheck.http("/health"),
    listener=web.listener,
    route=Route(priority=10, paths=["/socket/*"]),
    stickiness=cdk.Duration.hours(1),
)
sys.exit(synth(app))

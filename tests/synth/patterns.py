"""What the tests of the patterns share: stacks with what every pattern takes, and their templates and findings."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr

import roadworthy
from roadworthy.patterns import Image, PrivateNetwork
from tests.synth.template import Template

ZONES = ["eu-west-1a", "eu-west-1b"]
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0123abcd-0123-4567-89ab-0123456789ab"


def new_stack(app: cdk.App | None = None, id: str = "Default") -> cdk.Stack:
    """A stack in eu-west-1."""
    return cdk.Stack(app or cdk.App(), id, env=cdk.Environment(region="eu-west-1"))


def image(stack: cdk.Stack, name: str = "api") -> Image:
    """An image of the stack's one repository."""
    found = stack.node.try_find_child("Repository")
    return Image.from_ecr(found or ecr.Repository.from_repository_name(stack, "Repository", name), tag="3f2a9c1d0b7e")


def options(stack: cdk.Stack, **more: Any) -> dict[str, Any]:
    """What every pattern must be given, and more: a private network of the stack, unless another is given."""
    network = more.pop("network", None) or PrivateNetwork(stack, "Network", availability_zones=ZONES)
    return {"network": network, "name": "api", "image": image(stack), **more}


def vpc(stack: cdk.Stack) -> ec2.Vpc:
    """A VPC with public subnets, and private ones behind a NAT gateway."""
    return ec2.Vpc(stack, "Vpc", availability_zones=ZONES, nat_gateways=1)


def synthesized(stack: cdk.Stack) -> Template:
    """The stack's template, after which nothing can be added to its app."""
    path = assembly(stack) / f"{stack.stack_name}.template.json"
    return Template(json.loads(path.read_text())["Resources"], {})


def assembly(stack: cdk.Stack) -> Path:
    """The cloud assembly of the stack's app."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return Path(app.synth().directory)


def findings(stack: cdk.Stack) -> set[str]:
    """The rules that find something in the stack's template."""
    path = assembly(stack) / f"{stack.stack_name}.template.json"
    return {finding.rule for finding in roadworthy.check(path).findings}

"""The subnets have a free address for each task that a deployment starts.

## Why is this bad?

Each task takes a private address of its subnet. While a deployment runs, the old tasks still hold theirs; without
enough free ones new tasks stay in PROVISIONING or fail, and the deployment does not end.

Counted is what any deployment of the service needs: its desired count when it is new, and no more than its maximum
percent allows beside the running tasks when it is not. Services whose desired count or subnets are not known are
not reported, and other users of the subnets are not foreseen.

## Needs

`ec2:DescribeSubnets`, which IAM grants on all subnets only.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.engine import WARNING, Finding, online_check
from roadworthy.online.operations import DESCRIBE_SUBNETS
from roadworthy.online.subjects.subnets import ServiceSubnets, service_subnets


@online_check(
    "subnet-ip-exhaustion",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    subjects=service_subnets,
)
def check(use: ServiceSubnets, aws: Aws) -> Iterator[Finding]:
    """Report services whose next deployment does not fit into their subnets."""
    wanted = [{"Name": "subnet-id", "Values": list(use.subnets)}]
    free = aws.ask(DESCRIBE_SUBNETS, region=use.region, about=use.arn, Filters=wanted)
    total = sum(free.values())
    if len(free) == len(use.subnets) and total < use.needed:
        yield Finding(
            at=use.place,
            message=f"a deployment of service `{use.service.label}` needs {use.needed} free addresses, "
            f"but its subnets {', '.join(f'`{subnet}`' for subnet in use.subnets)} have {total}",
            fix="Add subnets with free addresses, or start fewer tasks at a time",
            assumed=use.assumed,
        )

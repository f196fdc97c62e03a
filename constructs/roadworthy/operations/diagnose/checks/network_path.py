"""Do the security groups let the load balancer reach the tasks, in zones that it serves?"""

from collections.abc import Iterator

from roadworthy.operations.diagnose.by_rules import on
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.network import network_of
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step

RULES = ("lb-to-task-port-blocked", "nlb-target-sg-closed", "lb-egress-blocks-task", "lb-az-not-enabled")


@check(
    "network-path",
    step=Step.NETWORK,
    stage=Stage.CONFIGURATION,
    fact="the load balancer reaches the container's port",
)
def find(live: Live) -> Iterator[Problem | Skipped]:
    """Report what the rules find in the network as it is now."""
    if not live.service.target_groups:
        yield Skipped("it has no load balancer")
    elif not any(group.get("LoadBalancerArns") for group in live.target_groups):
        yield Skipped("no load balancer uses its target groups")
    else:
        yield from on(network_of(live), RULES)

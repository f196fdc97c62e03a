"""Where tasks run: in a network of ours, or in subnets of any VPC that have a way out."""

import dataclasses
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from constructs import IDependable
from jsii.errors import JSIIError

from roadworthy.patterns.private_network import InvalidNetworkError, PrivateNetwork
from roadworthy.patterns.values import is_token

Network = PrivateNetwork | ec2.IVpc

_HTTPS = ec2.Port.tcp(443)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Placement:
    """The VPC and the subnets of a service's tasks; made by `of`.

    Attributes:
        vpc: the VPC.
        subnets: which of its subnets.
        private_network: the network of ours that the VPC belongs to, where it is one.
    """

    vpc: ec2.IVpc
    subnets: ec2.SubnetSelection
    private_network: PrivateNetwork | None = None

    @classmethod
    def of(cls, name: str, network: Network, subnets: ec2.SubnetSelection | None) -> "Placement":
        """Where the tasks of `name` run.

        Args:
            name: whose tasks, for the message.
            network: a `PrivateNetwork`, or any VPC.
            subnets: which subnets; default: the network's isolated ones, or the VPC's private ones with a way out.

        Raises:
            InvalidNetworkError: there are no such subnets, or public ones: tasks get no public address.
        """
        if isinstance(network, PrivateNetwork):
            isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            return cls(vpc=network.vpc, subnets=subnets or isolated, private_network=network)
        if not hasattr(network, "select_subnets"):
            raise InvalidNetworkError(f"service `{name}`: network = {network!r} is neither a PrivateNetwork nor a VPC")
        if subnets is None and not network.private_subnets:
            raise InvalidNetworkError(
                f"service `{name}`: VPC {network.node.path} has no private subnets with a way out; "
                "give subnets=..., or a PrivateNetwork"
            )
        chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        if _select(name, network, chosen).has_public:
            raise InvalidNetworkError(
                f"service `{name}`: subnets of VPC {network.node.path} are public, where a task without a public "
                "address reaches nothing; give private ones"
            )
        return cls(vpc=network, subnets=chosen)

    def refuse_cluster(self, name: str, cluster: ecs.ICluster | None) -> None:
        """Refuse a cluster of another VPC: CDK places tasks in the cluster's.

        Raises:
            InvalidNetworkError: both VPCs are known, and differ.
        """
        if cluster is None:
            return
        ours, theirs = self.vpc, cluster.vpc
        made_here = isinstance(ours, ec2.Vpc) and isinstance(theirs, ec2.Vpc)
        named = not is_token(ours.vpc_id) and not is_token(theirs.vpc_id)
        if (made_here and ours.node.path != theirs.node.path) or (named and ours.vpc_id != theirs.vpc_id):
            raise InvalidNetworkError(
                f"service `{name}`: its network is VPC {ours.node.path}, its cluster's is {theirs.node.path}; "
                "give a cluster of the same VPC"
            )

    def select(self) -> ec2.SelectedSubnets:
        """The subnets themselves."""
        return self.vpc.select_subnets(**_arguments(self.subnets))

    def connect(self, tasks: ec2.IConnectable, *, has_secrets: bool, has_exec: bool) -> list[IDependable]:
        """Let `tasks` reach what they need to start.

        Args:
            tasks: the service, or its security group.
            has_secrets: whether ECS reads secrets for them.
            has_exec: whether ECS Exec is on.

        Returns:
            What must be there before the first task: routes and endpoints.
        """
        network = self.private_network
        if network is None:
            tasks.connections.allow_to_any_ipv4(_HTTPS, "AWS and registries over HTTPS")
            return [self.select().internet_connectivity_established]
        network.allow_from(tasks)
        if has_secrets:
            network.reach_secrets()
        if has_exec:
            network.reach_exec()
        return [network]


def _select(name: str, vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> ec2.SelectedSubnets:
    try:
        return vpc.select_subnets(**_arguments(subnets))
    except (JSIIError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidNetworkError(f"service `{name}`: VPC {vpc.node.path} has no such subnets: {reason}") from None


def _arguments(subnets: ec2.SubnetSelection) -> dict[str, Any]:
    """`select_subnets` takes the attributes of a selection one by one."""
    return dict(subnets._values)

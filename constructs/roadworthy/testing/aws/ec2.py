"""EC2: subnets and security groups.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from roadworthy.testing.wire.backend import AwsError, Backend

Record = dict[str, Any]
Filters = Mapping[str, Callable[[Record], str]]

SUBNET_FILTERS: Filters = {
    "subnet-id": lambda subnet: str(subnet["SubnetId"]),
    "vpc-id": lambda subnet: str(subnet["VpcId"]),
    "availability-zone": lambda subnet: str(subnet["AvailabilityZone"]),
}
GROUP_FILTERS: Filters = {
    "group-id": lambda group: str(group["GroupId"]),
    "group-name": lambda group: str(group["GroupName"]),
    "vpc-id": lambda group: str(group["VpcId"]),
}
EVERYWHERE = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


class Ec2:
    """Subnets and security groups by their ids."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._subnets: dict[str, Record] = {}
        self._groups: dict[str, Record] = {}
        backend.register_all(
            "ec2", {"DescribeSubnets": self._describe_subnets, "DescribeSecurityGroups": self._describe_security_groups}
        )

    def add_subnet(self, id: str, *, vpc: str, free_addresses: int = 250, zone: str = "", cidr: str = "") -> None:
        """Let a subnet exist; `zone` defaults to the region's first."""
        self._subnets[id] = {
            "SubnetId": id,
            "VpcId": vpc,
            "State": "available",
            "CidrBlock": cidr or f"10.0.{len(self._subnets)}.0/24",
            "AvailableIpAddressCount": free_addresses,
            "AvailabilityZone": zone or f"{self._backend.region}a",
        }

    def add_security_group(
        self, id: str, *, vpc: str, ingress: Iterable[tuple[int, str]] = (), egress: bool = True
    ) -> None:
        """Let a security group exist; `ingress` holds TCP ports with whom they are open to: a CIDR or a group's id."""
        self._groups[id] = {
            "GroupId": id,
            "GroupName": id,
            "Description": id,
            "VpcId": vpc,
            "OwnerId": self._backend.account,
            "IpPermissions": [self._permission(port, source) for port, source in ingress],
            "IpPermissionsEgress": [EVERYWHERE] if egress else [],
        }

    def _permission(self, port: int, source: str) -> Record:
        ports = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
        if source.startswith("sg-"):
            return {**ports, "UserIdGroupPairs": [{"GroupId": source, "UserId": self._backend.account}]}
        return {**ports, "IpRanges": [{"CidrIp": source}]}

    def _describe_subnets(self, asked: Mapping[str, Any]) -> Record:
        found = _named(self._subnets, asked.get("SubnetIds", ()), _no_subnet)
        return {"Subnets": _filtered(found, asked.get("Filters", ()), SUBNET_FILTERS)}

    def _describe_security_groups(self, asked: Mapping[str, Any]) -> Record:
        found = _named(self._groups, asked.get("GroupIds", ()), _no_group)
        return {"SecurityGroups": _filtered(found, asked.get("Filters", ()), GROUP_FILTERS)}


def _named(records: Mapping[str, Record], ids: Iterable[str], refusal: Callable[[str], AwsError]) -> list[Record]:
    """The records of the ids; without ids, all."""
    wanted = list(ids)
    for id in wanted:
        if id not in records:
            raise refusal(id)
    return [record for id, record in records.items() if not wanted or id in wanted]


def _filtered(records: Iterable[Record], filters: Iterable[Mapping[str, Any]], known: Filters) -> list[Record]:
    """The records that pass all filters; a filter passes any of its values."""
    kept = list(records)
    for one in filters:
        name, values = one.get("Name", "null"), one.get("Values", ())
        if name not in known:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
        kept = [record for record in kept if known[name](record) in values]
    return kept


def _no_subnet(id: str) -> AwsError:
    return AwsError("InvalidSubnetID.NotFound", f"The subnet ID '{id}' does not exist")


def _no_group(id: str) -> AwsError:
    return AwsError("InvalidGroup.NotFound", f"The security group '{id}' does not exist")

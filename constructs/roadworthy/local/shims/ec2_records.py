"""Network resources that EC2 has but CloudFormation does not make, and attributes of a VPC.

Lack: AWS::EC2::FlowLog, ...EIP and ...NatGateway are unknown; Fn::GetAtt of a VPC's CidrBlock is not answered.
Effect: templates with a flow log or a NAT gateway are refused; an interface endpoint's security group, which allows
    the VPC's range, cannot be made.
Shim: the three types go through EC2's own CreateFlowLogs, AllocateAddress and CreateNatGateway; the VPC answers.
Faithful: as records that Describe* shows; no flow is logged and no packet is translated.
"""

import re
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ec2, handlers


def install(_: Settings) -> None:
    """Register the types and complete the VPC's attributes."""
    handlers["AWS::EC2::FlowLog"] = {"create": _create_flow_log, "delete": lambda i, _p: ec2._flow_logs.pop(i, None)}
    handlers["AWS::EC2::EIP"] = {"create": _create_address, "delete": _delete_address}
    handlers["AWS::EC2::NatGateway"] = {
        "create": _create_nat_gateway,
        "delete": lambda i, _p: ec2._nat_gateways.pop(i, None),
    }
    _add_vpc_attributes()


def _add_vpc_attributes() -> None:
    vpc = handlers["AWS::EC2::VPC"]

    def completed(original: Any) -> Any:
        def call(*arguments: Any) -> tuple[str, dict[str, Any]]:
            vpc_id, attributes = original(*arguments)
            block = ec2._vpcs[vpc_id]["CidrBlock"]
            return vpc_id, {**attributes, "CidrBlock": block, "CidrBlockAssociations": [], "Ipv6CidrBlocks": []}

        return call

    vpc.update({name: completed(vpc[name]) for name in ("create", "update") if vpc.get(name)})


def _call(action: Any, parameters: dict[str, str], element: str) -> str:
    """Call an EC2 action and pick the new id out of its XML answer."""
    status, _headers, body = action({name: [value] for name, value in parameters.items()})[:3]
    text = body.decode() if isinstance(body, bytes) else body
    found = re.search(rf"<{element}>([^<]+)</{element}>|<item>([^<]+)</item>", text)
    if status >= 400 or found is None:  # noqa: PLR2004 - HTTP's line between right and wrong
        raise ValueError(text)
    return found.group(1) or found.group(2)


def _create_flow_log(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    parameters = {
        "ResourceId.1": properties["ResourceId"],
        "ResourceType": properties["ResourceType"],
        "TrafficType": properties.get("TrafficType", "ALL"),
        "LogDestinationType": properties.get("LogDestinationType", "cloud-watch-logs"),
        "LogDestination": properties.get("LogDestination") or properties.get("LogGroupName", ""),
    }
    flow_log = _call(ec2._create_flow_logs, parameters, "flowLogId")
    return flow_log, {"Id": flow_log}


def _create_address(_logical_id: str, _properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    allocation = _call(ec2._allocate_address, {"Domain": "vpc"}, "allocationId")
    address = ec2._addresses[allocation]["PublicIp"]
    return address, {"AllocationId": allocation, "PublicIp": address}


def _delete_address(address: str, _properties: dict[str, Any]) -> None:
    for allocation, record in list(ec2._addresses.items()):
        if record["PublicIp"] == address:
            ec2._addresses.pop(allocation)


def _create_nat_gateway(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    parameters = {"SubnetId": properties["SubnetId"], "AllocationId": properties.get("AllocationId", "")}
    gateway = _call(ec2._create_nat_gateway, parameters, "natGatewayId")
    return gateway, {"NatGatewayId": gateway}

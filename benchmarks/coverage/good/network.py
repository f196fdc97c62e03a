"""A VPC of two zones: public subnets with an internet gateway, private ones with a NAT gateway; security groups."""

from typing import Any


def _zone(index: int) -> dict[str, Any]:
    return {"Fn::Select": [index, {"Fn::GetAZs": ""}]}


def _subnet(cidr: str, zone: int, public: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": cidr, "AvailabilityZone": _zone(zone)}
    if public:
        properties["MapPublicIpOnLaunch"] = True
    return {"Type": "AWS::EC2::Subnet", "Properties": properties}


def _association(subnet: str, table: str) -> dict[str, Any]:
    properties = {"SubnetId": {"Ref": subnet}, "RouteTableId": {"Ref": table}}
    return {"Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": properties}


def _default_route(table: str, **target: Any) -> dict[str, Any]:
    properties = {"RouteTableId": {"Ref": table}, "DestinationCidrBlock": "0.0.0.0/0", **target}
    return {"Type": "AWS::EC2::Route", "DependsOn": "GatewayAttachment", "Properties": properties}


def _security_group(description: str, **rules: Any) -> dict[str, Any]:
    properties = {"GroupDescription": description, "VpcId": {"Ref": "Vpc"}, **rules}
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}


def _tcp(port: int, **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}


def _rule(direction: str, group: str, port: int, peer_key: str, peer: str) -> dict[str, Any]:
    ids = {"GroupId": {"Fn::GetAtt": [group, "GroupId"]}, peer_key: {"Fn::GetAtt": [peer, "GroupId"]}}
    return {"Type": f"AWS::EC2::SecurityGroup{direction}", "Properties": {**ids, **_tcp(port)}}


_EVERYWHERE = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]

RESOURCES: dict[str, Any] = {
    "Vpc": {
        "Type": "AWS::EC2::VPC",
        "Properties": {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True, "EnableDnsHostnames": True},
    },
    "InternetGateway": {"Type": "AWS::EC2::InternetGateway", "Properties": {}},
    "GatewayAttachment": {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "InternetGateway"}},
    },
    "PublicSubnetA": _subnet("10.0.0.0/24", 0, public=True),
    "PublicSubnetB": _subnet("10.0.1.0/24", 1, public=True),
    "PrivateSubnetA": _subnet("10.0.10.0/24", 0, public=False),
    "PrivateSubnetB": _subnet("10.0.11.0/24", 1, public=False),
    "PublicRoutes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "PrivateRoutes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "PublicAssociationA": _association("PublicSubnetA", "PublicRoutes"),
    "PublicAssociationB": _association("PublicSubnetB", "PublicRoutes"),
    "PrivateAssociationA": _association("PrivateSubnetA", "PrivateRoutes"),
    "PrivateAssociationB": _association("PrivateSubnetB", "PrivateRoutes"),
    "NatAddress": {"Type": "AWS::EC2::EIP", "DependsOn": "GatewayAttachment", "Properties": {"Domain": "vpc"}},
    "NatGateway": {
        "Type": "AWS::EC2::NatGateway",
        "DependsOn": ["PublicDefaultRoute", "PublicAssociationA"],
        "Properties": {
            "SubnetId": {"Ref": "PublicSubnetA"},
            "AllocationId": {"Fn::GetAtt": ["NatAddress", "AllocationId"]},
        },
    },
    "PublicDefaultRoute": _default_route("PublicRoutes", GatewayId={"Ref": "InternetGateway"}),
    "PrivateDefaultRoute": _default_route("PrivateRoutes", NatGatewayId={"Ref": "NatGateway"}),
    "LoadBalancerGroup": _security_group(
        "load balancer",
        SecurityGroupIngress=[_tcp(443, CidrIp="0.0.0.0/0"), _tcp(80, CidrIp="0.0.0.0/0")],
        # Without a rule of its own a group may send anywhere; this one may reach the tasks alone.
        SecurityGroupEgress=[{"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"}],
    ),
    "ServiceGroup": _security_group("tasks", SecurityGroupEgress=_EVERYWHERE),
    "FileSystemGroup": _security_group("file system", SecurityGroupEgress=_EVERYWHERE),
    "LoadBalancerToTasks": _rule("Egress", "LoadBalancerGroup", 8000, "DestinationSecurityGroupId", "ServiceGroup"),
    "TasksFromLoadBalancer": _rule("Ingress", "ServiceGroup", 8000, "SourceSecurityGroupId", "LoadBalancerGroup"),
    "TasksFromTasks": _rule("Ingress", "ServiceGroup", 8000, "SourceSecurityGroupId", "ServiceGroup"),
    "FileSystemFromTasks": _rule("Ingress", "FileSystemGroup", 2049, "SourceSecurityGroupId", "ServiceGroup"),
}

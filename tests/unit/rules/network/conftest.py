"""A service that is right: private subnets with a NAT gateway, behind an Application Load Balancer."""

import copy

import pytest


def ref(name):
    return {"Ref": name}


def zone(number):
    return {"Fn::Select": [number, {"Fn::GetAZs": ""}]}


def group(**rules):
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": ref("Vpc"), "GroupDescription": "x", **rules}}


def tcp(port, **peer):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}


def subnet(cidr, number):
    properties = {"VpcId": ref("Vpc"), "CidrBlock": cidr, "AvailabilityZone": zone(number)}
    return {"Type": "AWS::EC2::Subnet", "Properties": properties}


def association(name):
    properties = {"SubnetId": ref(name), "RouteTableId": ref("Routes")}
    return {"Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": properties}


def endpoint(service, **changes):
    properties = {
        "VpcId": ref("Vpc"),
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": [ref("A"), ref("B")],
        "SecurityGroupIds": [ref("EndpointGroup")],
        "ServiceName": {"Fn::Join": ["", ["com.amazonaws.", ref("AWS::Region"), f".{service}"]]},
        **changes,
    }
    return {"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}


IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb"
CONTAINER = {
    "Name": "api",
    "Image": IMAGE,
    "PortMappings": [{"ContainerPort": 8000}],
    "LogConfiguration": {"LogDriver": "awslogs"},
    "Secrets": [{"Name": "TOKEN", "ValueFrom": "/token"}],
}
NETWORK = {"Subnets": [ref("A"), ref("B")], "SecurityGroups": [ref("TaskGroup")]}
FORWARD = {"Type": "forward", "TargetGroupArn": ref("Targets")}
RESOURCES = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True}},
    "A": subnet("10.0.0.0/24", 0),
    "B": subnet("10.0.1.0/24", 1),
    "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref("Vpc")}},
    "AssociationA": association("A"),
    "AssociationB": association("B"),
    "Gateway": {"Type": "AWS::EC2::InternetGateway"},
    "Nat": {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": "subnet-0a1b2c3d"}},
    "DefaultRoute": {
        "Type": "AWS::EC2::Route",
        "Properties": {
            "RouteTableId": ref("Routes"),
            "DestinationCidrBlock": "0.0.0.0/0",
            "NatGatewayId": ref("Nat"),
        },
    },
    "BalancerGroup": group(SecurityGroupEgress=[tcp(8000, DestinationSecurityGroupId=ref("TaskGroup"))]),
    "TaskGroup": group(SecurityGroupEgress=[tcp(443, CidrIp="0.0.0.0/0")]),
    "FromBalancer": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"GroupId": ref("TaskGroup"), **tcp(8000, SourceSecurityGroupId=ref("BalancerGroup"))},
    },
    "Balancer": {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {"Subnets": [ref("A"), ref("B")], "SecurityGroups": [ref("BalancerGroup")]},
    },
    "Targets": {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {"VpcId": ref("Vpc"), "TargetType": "ip", "Protocol": "HTTP"},
    },
    "Listener": {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {"LoadBalancerArn": ref("Balancer"), "DefaultActions": [FORWARD]},
    },
    "Task": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"NetworkMode": "awsvpc", "ContainerDefinitions": [CONTAINER]},
    },
    "Service": {
        "Type": "AWS::ECS::Service",
        "DependsOn": ["AssociationA", "AssociationB", "DefaultRoute", "FromBalancer", "Listener"],
        "Properties": {
            "LaunchType": "FARGATE",
            "TaskDefinition": ref("Task"),
            "LoadBalancers": [{"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": ref("Targets")}],
            "NetworkConfiguration": {"AwsvpcConfiguration": NETWORK},
        },
    },
}
ENDPOINTS = {
    "EndpointGroup": group(SecurityGroupIngress=[tcp(443, SourceSecurityGroupId=ref("TaskGroup"))]),
    "EcrApi": endpoint("ecr.api"),
    "EcrDkr": endpoint("ecr.dkr"),
    "Logs": endpoint("logs"),
    "Ssm": endpoint("ssm"),
    "S3": endpoint("s3", VpcEndpointType="Gateway", RouteTableIds=[ref("Routes")], PrivateDnsEnabled=None),
}


@pytest.fixture
def built():
    """The resources with changes: properties of the ones that exist (None removes), whole ones that are new."""

    def build(isolated=False, **changes):
        resources = copy.deepcopy({**RESOURCES, **(ENDPOINTS if isolated else {})})
        if isolated:
            del resources["DefaultRoute"]
        for name, change in changes.items():
            if change is None:
                del resources[name]
            elif name not in resources or "::" in change.get("Type", ""):
                resources[name] = change
            else:
                properties = {**resources[name].get("Properties", {}), **change}
                kept = {key: value for key, value in properties.items() if value is not None}
                resources[name]["Properties"] = kept
        return resources

    return build

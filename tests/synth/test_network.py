"""Who may reach whom: subnets, endpoints, security groups."""

import re

import pytest

from tests.synth.template import Template, reference, text

pytestmark = pytest.mark.synth


def group(template: Template, name: str) -> str:
    (found,) = [logical_id for logical_id in template.of_type("AWS::EC2::SecurityGroup") if logical_id.startswith(name)]
    return found


def ways(template: Template) -> set[tuple[str, str, int]]:
    """(from, to, port) of every rule between two security groups that both sides allow."""
    out = {
        (reference(rule["GroupId"]), reference(rule["DestinationSecurityGroupId"]), rule["FromPort"])
        for rule in template.of_type("AWS::EC2::SecurityGroupEgress").values()
    }
    into = {
        (reference(rule["SourceSecurityGroupId"]), reference(rule["GroupId"]), rule["FromPort"])
        for rule in template.of_type("AWS::EC2::SecurityGroupIngress").values()
    }
    assert out == into
    return out


def test_there_are_isolated_subnets_in_the_two_pinned_zones_and_no_way_to_the_internet(template):
    zones = {subnet["AvailabilityZone"] for subnet in template.of_type("AWS::EC2::Subnet").values()}
    assert zones == {"ap-southeast-1a", "ap-southeast-1b"}
    for kind in ("InternetGateway", "NatGateway", "Route", "EIP"):
        assert not template.of_type(f"AWS::EC2::{kind}")


def test_there_are_exactly_the_endpoints_that_the_parts_need(template):
    services = {
        re.sub(r"^.*(ap-southeast-1|AWS::Region\"}, \")\.|[\"\]}]+$", "", text(endpoint["ServiceName"]))
        for endpoint in template.of_type("AWS::EC2::VPCEndpoint").values()
    }
    assert services == {"ecr.api", "ecr.dkr", "logs", "execute-api", "s3"}


def test_the_s3_endpoint_gives_ecr_layers_and_nothing_else(template):
    endpoint = template.only("AWS::EC2::VPCEndpoint", VpcEndpointType="Gateway")
    (statement,) = endpoint["PolicyDocument"]["Statement"]
    assert statement["Action"] == "s3:GetObject"
    assert statement["Resource"] == "arn:aws:s3:::prod-ap-southeast-1-starport-layer-bucket/*"


def test_each_security_group_reaches_the_next_hop_alone(template):
    query, balancer = group(template, "QuerySecurityGroup"), group(template, "HandlerLoadBalancer")
    handler, endpoints = group(template, "HandlerSecurityGroup"), group(template, "NetworkEndpoint")
    assert ways(template) == {(query, balancer, 80), (balancer, handler, 8000), (handler, endpoints, 443)}


def test_no_security_group_lets_an_address_range_in(template):
    for properties in template.of_type("AWS::EC2::SecurityGroup").values():
        assert not properties.get("SecurityGroupIngress")


def test_only_the_handler_may_send_to_public_addresses_and_only_over_https(template):
    open_groups = {
        name: rule["FromPort"]
        for name, properties in template.of_type("AWS::EC2::SecurityGroup").items()
        for rule in properties.get("SecurityGroupEgress", [])
        if rule["CidrIp"] == "0.0.0.0/0"
    }
    assert open_groups == {group(template, "HandlerSecurityGroup"): 443}


def test_traffic_is_logged(template):
    assert template.only("AWS::EC2::FlowLog", ResourceType="VPC", TrafficType="ALL")

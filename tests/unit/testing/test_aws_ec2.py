"""EC2 tells subnets and security groups."""

import pytest
from botocore.exceptions import ClientError

from roadworthy.testing import FakeEcs


@pytest.fixture(scope="module")
def ec2():
    fake = FakeEcs()
    network = fake.neighbours.ec2
    network.add_subnet("subnet-1", vpc="vpc-1", free_addresses=3)
    network.add_subnet("subnet-2", vpc="vpc-2", zone="eu-west-1b", cidr="10.9.0.0/24")
    network.add_security_group("sg-edge", vpc="vpc-1", ingress=[(443, "0.0.0.0/0")])
    network.add_security_group("sg-api", vpc="vpc-1", ingress=[(8080, "sg-edge")], egress=False)
    return fake.session().client("ec2")


def subnets(ec2, **parameters):
    return [subnet["SubnetId"] for subnet in ec2.describe_subnets(**parameters)["Subnets"]]


def test_a_subnet_has_its_zone_and_its_free_addresses(ec2):
    first, second = ec2.describe_subnets()["Subnets"]
    assert (first["AvailableIpAddressCount"], first["AvailabilityZone"]) == (3, "eu-west-1a")
    assert (second["CidrBlock"], second["AvailabilityZone"]) == ("10.9.0.0/24", "eu-west-1b")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"SubnetIds": ["subnet-2"]}, ["subnet-2"]),
        ({"Filters": [{"Name": "vpc-id", "Values": ["vpc-1", "vpc-2"]}]}, ["subnet-1", "subnet-2"]),
        ({"Filters": [{"Name": "availability-zone", "Values": ["eu-west-1a"]}]}, ["subnet-1"]),
        ({"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}, {"Name": "subnet-id", "Values": ["subnet-2"]}]}, []),
        ({"Filters": [{"Name": "vpc-id"}]}, []),
    ],
)
def test_subnets_are_chosen_by_id_and_by_filters(ec2, parameters, found):
    assert subnets(ec2, **parameters) == found


def test_a_security_group_has_its_permissions(ec2):
    edge, api = ec2.describe_security_groups(GroupIds=["sg-edge", "sg-api"])["SecurityGroups"]
    assert edge["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
    assert edge["IpPermissionsEgress"] == [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    (permission,) = api["IpPermissions"]
    assert (permission["FromPort"], permission["ToPort"]) == (8080, 8080)
    assert permission["UserIdGroupPairs"] == [{"GroupId": "sg-edge", "UserId": "111122223333"}]
    assert api.get("IpPermissionsEgress", []) == []


def test_security_groups_are_chosen_by_name(ec2):
    found = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["sg-api"]}])["SecurityGroups"]
    assert [group["GroupId"] for group in found] == ["sg-api"]


@pytest.mark.parametrize(
    ("method", "parameters", "code", "message"),
    [
        ("describe_subnets", {"SubnetIds": ["x"]}, "InvalidSubnetID.NotFound", "The subnet ID 'x' does not exist"),
        (
            "describe_security_groups",
            {"GroupIds": ["x"]},
            "InvalidGroup.NotFound",
            "The security group 'x' does not exist",
        ),
        (
            "describe_subnets",
            {"Filters": [{"Name": "colour", "Values": ["x"]}]},
            "InvalidParameterValue",
            "The filter 'colour' is invalid",
        ),
    ],
)
def test_what_does_not_exist_is_refused_as_aws_does(ec2, method, parameters, code, message):
    with pytest.raises(ClientError) as refused:
        getattr(ec2, method)(**parameters)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)

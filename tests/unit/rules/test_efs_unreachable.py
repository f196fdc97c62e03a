import pytest

from tests.unit.rules.conftest import merged

RULE = "efs-unreachable"
VOLUME = {"Name": "data", "EFSVolumeConfiguration": {"FilesystemId": {"Ref": "Files"}}}
NETWORK = {"Subnets": [{"Ref": "Subnet"}], "SecurityGroups": [{"Ref": "TaskGroup"}]}
FROM_TASK = {
    "IpProtocol": "tcp",
    "FromPort": 2049,
    "ToPort": 2049,
    "SourceSecurityGroupId": {"Fn::GetAtt": ["TaskGroup", "GroupId"]},
}


def resource(kind, more=None, **properties):
    return {"Type": kind, "Properties": properties, **(more or {})}


GOOD = {
    "Vpc": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsHostnames=True),
    "Subnet": resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}, CidrBlock="10.0.0.0/24"),
    "TaskGroup": resource("AWS::EC2::SecurityGroup", VpcId={"Ref": "Vpc"}),
    "FilesGroup": resource("AWS::EC2::SecurityGroup", VpcId={"Ref": "Vpc"}, SecurityGroupIngress=[FROM_TASK]),
    "Files": resource("AWS::EFS::FileSystem"),
    "Target": resource(
        "AWS::EFS::MountTarget",
        FileSystemId={"Ref": "Files"},
        SubnetId={"Ref": "Subnet"},
        SecurityGroups=[{"Ref": "FilesGroup"}],
    ),
    "Role": resource("AWS::IAM::Role"),
    "Task": resource(
        "AWS::ECS::TaskDefinition",
        ContainerDefinitions=[{"Name": "api", "Image": "api:1"}],
        Volumes=[VOLUME],
        TaskRoleArn={"Fn::GetAtt": ["Role", "Arn"]},
    ),
    "Service": resource(
        "AWS::ECS::Service",
        {"DependsOn": "Target"},
        TaskDefinition={"Ref": "Task"},
        NetworkConfiguration={"AwsvpcConfiguration": NETWORK},
    ),
}
BY_IAM = {
    "Task": {
        "Properties": {
            "Volumes": [merged(VOLUME, {"EFSVolumeConfiguration": {"AuthorizationConfig": {"IAM": "ENABLED"}}})]
        }
    }
}
OTHERS_ONLY = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "elasticfilesystem:*"}]}
ANYBODY = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:*"}]}
MOUNTING = {"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}
NO_PERMISSION = (
    "volume `data` is mounted by IAM, but task role `Role` has no permission `elasticfilesystem:ClientMount`"
)


def changed(*changes, base=GOOD):
    for change in changes:
        base = merged(base, change)
    return base


@pytest.mark.parametrize(
    ("changes", "severity", "message"),
    [
        (
            [{"Target": None, "Service": {"DependsOn": None}}],
            "error",
            "volume `data` is file system `Files`, which has no mount target",
        ),
        (
            [{"FilesGroup": {"Properties": {"SecurityGroupIngress": None}}}],
            "error",
            "mount target `Target` lets no tasks of service `Service` in on port 2049",
        ),
        (
            [{"TaskGroup": {"Properties": {"SecurityGroupEgress": [{"IpProtocol": "icmp", "CidrIp": "1.1.1.1/32"}]}}}],
            "error",
            "the security groups let no tasks of service `Service` out to mount target `Target` on port 2049",
        ),
        (
            [{"Vpc": {"Properties": {"EnableDnsSupport": False}}}],
            "error",
            "`Vpc` has `EnableDnsSupport` off, by which tasks find file system `Files`",
        ),
        (
            [{"Vpc": {"Properties": {"EnableDnsHostnames": None}}}],
            "warning",
            "`Vpc` has `EnableDnsHostnames` off, by which tasks find file system `Files`",
        ),
        (
            [{"Service": {"DependsOn": None}}],
            "warning",
            "service `Service` mounts `Files` and does not wait for its mount targets `Target`",
        ),
        ([BY_IAM], "warning", NO_PERMISSION),
        ([BY_IAM, {"Files": {"Properties": {"FileSystemPolicy": OTHERS_ONLY}}}], "error", NO_PERMISSION),
    ],
)
def test_a_file_system_that_tasks_do_not_reach_is_reported(found, changes, severity, message):
    assert found(RULE, changed(*changes)) == [(severity, message)]


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [BY_IAM, {"Files": {"Properties": {"FileSystemPolicy": ANYBODY}}}],
        [BY_IAM, {"Role": {"Properties": {"Policies": [MOUNTING]}}}],
        [BY_IAM, {"Task": {"Properties": {"TaskRoleArn": "arn:aws:iam::1:role/x"}}}],
        [{"Target": {"Properties": {"SecurityGroups": ["sg-1"]}}}],
        [{"Service": {"Properties": {"NetworkConfiguration": None}}}],
        [{"Task": {"Properties": {"Volumes": {"Ref": "Open"}}}}],
        [{"Task": {"Properties": {"Volumes": [{"Name": "d", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}}]}}}],
    ],
)
def test_what_is_reached_or_not_known_is_silent(found, changes):
    assert found(RULE, changed(*changes)) == []


def zoned(zone, other):
    subnet = resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}, CidrBlock="10.0.1.0/24", AvailabilityZone=other)
    both = {"AwsvpcConfiguration": {**NETWORK, "Subnets": [{"Ref": "Subnet"}, {"Ref": "Other"}]}}
    first = {"Subnet": {"Properties": {"AvailabilityZone": zone}}}
    return changed(first, {"Other": subnet, "Service": {"Properties": {"NetworkConfiguration": both}}})


def test_a_zone_without_a_mount_target_is_an_error(found):
    message = "file system `Files` has no mount target in the zone of subnet `Other`"
    assert found(RULE, zoned("eu-west-1a", "eu-west-1b")) == [("error", message)]


@pytest.mark.parametrize(("zone", "other"), [("a", "a"), ("a", {"Ref": "Open"}), ({"Ref": "Open"}, "a")])
def test_zones_that_are_the_same_or_not_known_are_silent(found, zone, other):
    assert found(RULE, zoned(zone, other)) == []


def test_a_file_system_that_another_stack_is_told_of_may_have_mount_targets(found):
    resources = changed({"Target": None, "Service": {"DependsOn": None}})
    outputs = {"Files": {"Value": {"Ref": "Files"}, "Export": {"Name": "files"}}}
    assert found(RULE, resources, Outputs=outputs) == []
    stack = {"Stack": resource("AWS::CloudFormation::Stack", Parameters={"Files": {"Ref": "Files"}})}
    assert found(RULE, {**resources, **stack}) == []

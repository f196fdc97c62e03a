"""The roles of the tasks, and what they read and write: a secret, a parameter, a file system, a log group."""

from typing import Any

_PREFIX = "arn:${AWS::Partition}:"


def _role(*, managed: list[Any] | None = None, **policies: list[dict[str, Any]]) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
            for name, statements in policies.items()
        ],
    }
    if managed:
        properties["ManagedPolicyArns"] = managed
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _allow(actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _mount_target(subnet: str) -> dict[str, Any]:
    properties = {
        "FileSystemId": {"Ref": "FileSystem"},
        "SubnetId": {"Ref": subnet},
        "SecurityGroups": [{"Fn::GetAtt": ["FileSystemGroup", "GroupId"]}],
    }
    return {"Type": "AWS::EFS::MountTarget", "Properties": properties}


_EXECUTION_POLICY = {"Fn::Sub": _PREFIX + "iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}
_PARAMETER_ARN = {"Fn::Sub": _PREFIX + "ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders/limits"}
_EXEC_CHANNELS = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]
_MOUNT = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]

RESOURCES: dict[str, Any] = {
    "ExecutionRole": _role(
        managed=[_EXECUTION_POLICY],
        secrets=[
            _allow(["secretsmanager:GetSecretValue"], {"Ref": "DatabaseSecret"}),
            _allow(["ssm:GetParameters"], _PARAMETER_ARN),
        ],
    ),
    "TaskRole": _role(
        exec=[_allow([f"ssmmessages:{action}" for action in _EXEC_CHANNELS], "*")],
        files=[_allow(_MOUNT, {"Fn::GetAtt": ["FileSystem", "Arn"]})],
    ),
    "DatabaseSecret": {
        "Type": "AWS::SecretsManager::Secret",
        "Properties": {
            "Name": "orders/database",
            "GenerateSecretString": {
                "SecretStringTemplate": '{"username": "orders"}',
                "GenerateStringKey": "password",
                "ExcludeCharacters": '"@/\\',
            },
        },
    },
    "Limits": {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": "/orders/limits", "Type": "String", "Value": "100"},
    },
    "LogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}},
    "FileSystem": {
        "Type": "AWS::EFS::FileSystem",
        "Properties": {"Encrypted": True, "BackupPolicy": {"Status": "ENABLED"}},
    },
    "AccessPoint": {
        "Type": "AWS::EFS::AccessPoint",
        "Properties": {"FileSystemId": {"Ref": "FileSystem"}, "PosixUser": {"Uid": "1000", "Gid": "1000"}},
    },
    "MountTargetA": _mount_target("PrivateSubnetA"),
    "MountTargetB": _mount_target("PrivateSubnetB"),
}

"""A task of three containers: a migration that ends, a collector, and the API that waits for both."""

from typing import Any


def _logs(prefix: str) -> dict[str, Any]:
    options = {
        "awslogs-group": {"Ref": "LogGroup"},
        "awslogs-region": {"Ref": "AWS::Region"},
        "awslogs-stream-prefix": prefix,
    }
    return {"LogDriver": "awslogs", "Options": options}


_REGISTRY = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com"
_PASSWORD = {"Fn::Join": ["", [{"Ref": "DatabaseSecret"}, ":password::"]]}

_MIGRATE = {
    "Name": "migrate",
    "Image": {"Fn::Sub": f"{_REGISTRY}/orders:82f44fb"},
    "Essential": False,
    "Memory": 256,
    "Command": ["python", "-m", "orders.migrate"],
    "Secrets": [{"Name": "DB_PASSWORD", "ValueFrom": _PASSWORD}],
    "LogConfiguration": _logs("migrate"),
}
_COLLECTOR = {
    "Name": "collector",
    "Image": "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1",
    "Essential": True,
    "Cpu": 128,
    "Memory": 256,
    "PortMappings": [{"ContainerPort": 4317, "Protocol": "tcp"}],
    "HealthCheck": {"Command": ["CMD", "/healthcheck"], "Interval": 10, "Timeout": 5, "Retries": 3},
    "LogConfiguration": _logs("collector"),
}
_API = {
    "Name": "api",
    "Image": {"Fn::Sub": f"{_REGISTRY}/orders:82f44fb"},
    "Essential": True,
    "Cpu": 512,
    "Memory": 1024,
    "MemoryReservation": 512,
    "Command": ["uvicorn", "orders.app:app", "--host", "0.0.0.0", "--port", "8000"],  # noqa: S104 - in a container
    "PortMappings": [
        {"ContainerPort": 8000, "HostPort": 8000, "Protocol": "tcp", "Name": "http", "AppProtocol": "http"}
    ],
    "Environment": [{"Name": "PORT", "Value": "8000"}, {"Name": "LOG_LEVEL", "Value": "INFO"}],
    "Secrets": [
        {"Name": "DB_PASSWORD", "ValueFrom": _PASSWORD},
        {
            "Name": "LIMITS",
            "ValueFrom": {
                "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Limits}",
            },
        },
    ],
    "HealthCheck": {
        "Command": ["CMD-SHELL", "curl -f http://127.0.0.1:8000/health || exit 1"],
        "Interval": 15,
        "Timeout": 5,
        "Retries": 3,
        "StartPeriod": 30,
    },
    "DependsOn": [
        {"ContainerName": "migrate", "Condition": "SUCCESS"},
        {"ContainerName": "collector", "Condition": "HEALTHY"},
    ],
    "MountPoints": [{"SourceVolume": "files", "ContainerPath": "/srv/files", "ReadOnly": False}],
    "StopTimeout": 60,
    "LogConfiguration": _logs("api"),
}

RESOURCES: dict[str, Any] = {
    "TaskDefinition": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": "orders",
            "Cpu": "1024",
            "Memory": "2048",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "RuntimePlatform": {"OperatingSystemFamily": "LINUX", "CpuArchitecture": "X86_64"},
            "ExecutionRoleArn": {"Fn::GetAtt": ["ExecutionRole", "Arn"]},
            "TaskRoleArn": {"Fn::GetAtt": ["TaskRole", "Arn"]},
            "Volumes": [
                {
                    "Name": "files",
                    "EFSVolumeConfiguration": {
                        "FilesystemId": {"Ref": "FileSystem"},
                        "TransitEncryption": "ENABLED",
                        "AuthorizationConfig": {"AccessPointId": {"Ref": "AccessPoint"}, "IAM": "ENABLED"},
                    },
                }
            ],
            "ContainerDefinitions": [_MIGRATE, _COLLECTOR, _API],
        },
    },
}

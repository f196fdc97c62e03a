"""The same service as `aws ecs register-task-definition` and `aws ecs create-service` take it."""

from typing import Any

_ACCOUNT = "111122223333"
_ARN = f"arn:aws:secretsmanager:eu-west-1:{_ACCOUNT}:secret:orders/database-a1B2c3"
_LOGS = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/ecs/orders", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "orders"},
}

TASK_DEFINITION: dict[str, Any] = {
    "family": "orders",
    "cpu": "512",
    "memory": "1024",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "executionRoleArn": f"arn:aws:iam::{_ACCOUNT}:role/orders-execution",
    "taskRoleArn": f"arn:aws:iam::{_ACCOUNT}:role/orders-task",
    "containerDefinitions": [
        {
            "name": "proxy",
            "image": "public.ecr.aws/nginx/nginx:1.27.3",
            "essential": True,
            "cpu": 64,
            "memory": 128,
            "portMappings": [{"containerPort": 9000, "protocol": "tcp"}],
            "logConfiguration": _LOGS,
        },
        {
            "name": "api",
            "image": f"{_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/orders:82f44fb",
            "essential": True,
            "cpu": 256,
            "memory": 512,
            "portMappings": [{"containerPort": 8000, "hostPort": 8000, "protocol": "tcp", "name": "http"}],
            "environment": [{"name": "LOG_LEVEL", "value": "INFO"}],
            "secrets": [{"name": "DB_PASSWORD", "valueFrom": f"{_ARN}:password::"}],
            "healthCheck": {
                "command": ["CMD-SHELL", "curl -f http://127.0.0.1:8000/health || exit 1"],
                "interval": 15,
                "timeout": 5,
                "retries": 3,
                "startPeriod": 30,
            },
            "logConfiguration": _LOGS,
        },
    ],
}

SERVICE: dict[str, Any] = {
    "cluster": "shop",
    "serviceName": "orders",
    "taskDefinition": "orders",
    "launchType": "FARGATE",
    "desiredCount": 2,
    "healthCheckGracePeriodSeconds": 120,
    "networkConfiguration": {
        "awsvpcConfiguration": {
            "subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
            "securityGroups": ["sg-0a1b2c3d4e5f60718"],
            "assignPublicIp": "DISABLED",
        }
    },
    "loadBalancers": [
        {
            "containerName": "api",
            "containerPort": 8000,
            "targetGroupArn": f"arn:aws:elasticloadbalancing:eu-west-1:{_ACCOUNT}:targetgroup/orders/0123456789abcdef",
        }
    ],
    "deploymentConfiguration": {
        "minimumHealthyPercent": 100,
        "maximumPercent": 200,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
}

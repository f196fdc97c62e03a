"""The system with Roadworthy."""

import sys
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from roadworthy.patterns import (
    AlarmTopic,
    ApiGatewayLogging,
    EncryptionKey,
    Function,
    HealthCheck,
    HttpService,
    Image,
    PrivateApi,
    PrivateNetwork,
    Scaling,
    ServiceAlarms,
    ServiceLogs,
    waive,
)
from roadworthy.plugin import synth

DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Orders", "version": "1.0.0"},
    "x-amazon-apigateway-request-validators": {
        "all": {"validateRequestBody": True, "validateRequestParameters": True},
    },
    "x-amazon-apigateway-request-validator": "all",
    "paths": {
        "/orders/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "The order"}},
            },
        },
    },
}


class Orders(cdk.Stack):
    """A service on Fargate, and the private API that it calls."""

    def __init__(self, scope: Construct, id: str, *, image_tag: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(region="eu-west-1"))
        logs = ServiceLogs(retention_days=30)
        network = PrivateNetwork(self, "Network", availability_zones=["eu-west-1a", "eu-west-1b"], flow_logs=logs)
        answer = Function(
            self,
            "Answer",
            package=Path(__file__).parents[1] / "answer",
            name="orders-answer",
            logs=logs,
            timeout=cdk.Duration.seconds(10),
        )
        api = PrivateApi(
            self,
            "Api",
            document=DOCUMENT,
            function=answer,
            endpoint=network.execute_api,
            integration_timeout=cdk.Duration.seconds(12),
            logs=logs,
        )
        api.node.add_dependency(ApiGatewayLogging(self, "ApiGatewayLogging"))
        service = HttpService(
            self,
            "Service",
            name="orders",
            network=network,
            image=Image.from_ecr(ecr.Repository.from_repository_name(self, "Images", "orders"), tag=image_tag),
            port=8000,
            health_check=HealthCheck.http("/health"),
            environment={"ORDERS_API": api.url},
            scaling=Scaling(min=2, max=10, cpu_percent=60, memory_percent=70),
        )
        waive(service.task_definition, {"AwsSolutions-ECS2": "the API's URL is no secret"})
        topic = AlarmTopic(self, "Alarms", encryption_key=EncryptionKey(self, "Key", alias="orders"))
        ServiceAlarms(self, "ServiceAlarms", service=service, name="orders", topic=topic)


def build(app: cdk.App) -> None:
    """Add the stack to `app`."""
    Orders(app, "Orders", image_tag="3f2a9c1d0b7e")


if __name__ == "__main__":
    app = cdk.App()
    build(app)
    sys.exit(synth(app))

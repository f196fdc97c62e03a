"""Every module of ministack that the shims reach into, in one place, untyped as ministack is.

Import it only after `roadworthy.local.emulator` has set the environment: ministack reads it on import.
"""

import importlib
from typing import Any


def _module(name: str) -> Any:
    return importlib.import_module(f"ministack.{name}")


app = _module("app")
iam_actions = _module("core.iam_actions")
iam_evaluator = _module("core.iam_evaluator")
lambda_runtime = _module("core.lambda_runtime")
responses = _module("core.responses")

alb = _module("services.alb")
api_gateway = _module("services.apigateway_v1")
cloudwatch = _module("services.cloudwatch")
custom_resource = _module("services.cloudformation.custom_resource")
dynamodb = _module("services.dynamodb")
ec2 = _module("services.ec2")
ecr = _module("services.ecr")
ecs = _module("services.ecs")
eventbridge = _module("services.eventbridge")
lambda_service = _module("services.lambda_svc")
provisioners = _module("services.cloudformation.provisioners")
s3 = _module("services.s3")
scheduler = _module("services.scheduler")
stacks = _module("services.cloudformation.stacks")
secrets_manager = _module("services.secretsmanager")
sts = _module("services.sts")

# Resource type -> {"create": ..., "update": ..., "delete": ...}: how CloudFormation makes each resource.
handlers: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS

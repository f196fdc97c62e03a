"""botocore's service models, read once each: they define what is asked and what may be answered."""

from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.model import OperationModel, ServiceModel, StructureShape

LOADER = create_loader()


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service by its boto3 name, for example "elbv2".

    Raises:
        botocore.exceptions.UnknownServiceError: boto3 has no such service.
    """
    description: dict[str, Any] = LOADER.load_service_model(service, "service-2")
    return ServiceModel(description, service)


def operation_model(service: str, operation: str) -> OperationModel:
    """The model of one operation, for example ("ecs", "UpdateService")."""
    return service_model(service).operation_model(operation)


def error_shape(service: str, code: str) -> StructureShape | None:
    """The modelled exception that a code stands for; None when the service's model has none."""
    shapes = [shape for shape in service_model(service).error_shapes if isinstance(shape, StructureShape)]
    return next((shape for shape in shapes if shape.error_code == code), None)


def error_members(service: str, code: str) -> set[str]:
    """The members that an error may carry beside its message."""
    shape = error_shape(service, code)
    return set(shape.members) if shape else set()

"""Events of ECS's lifecycle hooks as they are recorded, and a client of AWS that answers what a test has written."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

PREFIX = "arn:aws:ecs:us-west-2:111122223333"
SERVICE = f"{PREFIX}:service/shop/api"
DEPLOYMENT = f"{PREFIX}:service-deployment/shop/api/TFX5sH9q9XDboDTOv0rIt"
GREEN = f"{PREFIX}:service-revision/shop/api/9313"
BLUE = f"{PREFIX}:service-revision/shop/api/1920"

_BEFORE = {GREEN: 0, BLUE: 100}
_AFTER = {GREEN: 100, BLUE: 0}
# As recorded: there are weights only at the stages around the shift of the traffic that they are about.
_WEIGHTS: dict[str, tuple[Mapping[str, int], Mapping[str, int]]] = {
    "TEST_TRAFFIC_SHIFT": (_AFTER, {}),
    "PRE_PRODUCTION_TRAFFIC_SHIFT": ({}, _BEFORE),
    "PRODUCTION_TRAFFIC_SHIFT": ({}, _AFTER),
}


def hook_event(stage: str = "PRE_SCALE_UP", details: Any = None, **changes: Any) -> dict[str, Any]:
    """What ECS sends to a hook at a stage; `changes` are of `executionDetails`."""
    test, production = _WEIGHTS.get(stage, ({}, {}))
    event = {
        "executionId": "a635edb5-a66b-4f44-bf3f-fcee4b3641a5",
        "lifecycleStage": stage,
        "resourceArn": DEPLOYMENT,
        "executionDetails": {
            "serviceArn": SERVICE,
            "targetServiceRevisionArn": GREEN,
            "testTrafficWeights": dict(test),
            "productionTrafficWeights": dict(production),
            **changes,
        },
    }
    return event | ({} if details is None else {"hookDetails": details})


def rollback_event(stage: str = "PRODUCTION_TRAFFIC_SHIFT") -> dict[str, Any]:
    """What ECS sends when it rolls back: the same stage, with the weights turned round."""
    which = "testTrafficWeights" if stage == "TEST_TRAFFIC_SHIFT" else "productionTrafficWeights"
    return hook_event(stage, **{which: dict(_BEFORE)})


def first_event(stage: str = "PRE_PRODUCTION_TRAFFIC_SHIFT") -> dict[str, Any]:
    """What ECS sends when the service is created: there is no other revision."""
    return hook_event(stage, productionTrafficWeights={GREEN: 0})


def error(code: str, status: int = 400, message: str = "no", **fields: Any) -> ClientError:
    """An error of AWS."""
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response | fields, "Operation")


@cache
def _models(service: str) -> dict[str, Any]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


class Scripted:
    """A client whose operations answer one after the other what a test gives, the last one for ever.

    An exception is raised. Parameters and answers are held against botocore's own model, so that neither the code
    nor a test can make up names.
    """

    def __init__(self, service: str = "ecs", **answers: Any) -> None:
        self._models = _models(service)
        self._answers = {name: list(given) if isinstance(given, list) else [given] for name, given in answers.items()}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """With which parameters an operation was called."""
        return [parameters for name, parameters in self.calls if name == operation]

    def __getattr__(self, name: str) -> Any:
        if name not in self._models:
            raise AttributeError(name)

        def call(**parameters: Any) -> Any:
            validate_parameters(parameters, self._models[name].input_shape)
            self.calls.append((name, parameters))
            given = self._answers.get(name)
            assert given, f"no answer for {name}({parameters})"
            answer = given.pop(0) if len(given) > 1 else given[0]
            if isinstance(answer, Exception):
                raise answer
            validate_parameters(answer, self._models[name].output_shape)
            return answer

        return call

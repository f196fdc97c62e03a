"""What a test sets up must be what AWS could have: said where it is set up, not by a strange end of a deployment."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from roadworthy.errors import RoadworthyError
from roadworthy.testing.faults import Fault
from roadworthy.testing.wire.contract import checked
from roadworthy.testing.wire.errors import ShapeError
from roadworthy.testing.wire.models import operation_model

ALARM_STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")  # API_SetAlarmState of CloudWatch


def refuse_account(account: str) -> None:
    """Refuse an account that is none.

    Raises:
        RoadworthyError: it has not 12 digits.
    """
    if not re.fullmatch("[0-9]{12}", account):
        raise RoadworthyError(f"account {account!r} is none: an AWS account has 12 digits, for example '111122223333'")


def refuse_service(name: str, desired: int, settings: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    """Refuse a service that CreateService or RegisterTaskDefinition would not take.

    Raises:
        RoadworthyError: the desired count is negative, or a member is unknown, missing or of a wrong type.
    """
    if desired < 0:
        raise RoadworthyError(f"service `{name}`: desired is {desired}; pass 0 or more")
    members = {key: settings[key] for key in ("deploymentConfiguration", "loadBalancers") if key in settings}
    _refuse(f"service `{name}`:", "CreateService", {"serviceName": name, **members})
    _refuse(f"service `{name}`:", "RegisterTaskDefinition", definition)


def refuse_fault(service: str, fault: object) -> None:
    """Refuse what is no fault, and a hook at a stage that there is not.

    Raises:
        RoadworthyError: what is wrong with it.
    """
    if not isinstance(fault, Fault):
        text = f"{fault!r} is no fault for service `{service}`"
        raise RoadworthyError(f"{text}; pass what a function of roadworthy.testing.faults returns: faults.pull_error()")
    _refuse_hooks(service, fault.hooks)


def _refuse_hooks(service: str, hooks: Sequence[Mapping[str, Any]]) -> None:
    asked = {"serviceName": service, "deploymentConfiguration": {"lifecycleHooks": [dict(hook) for hook in hooks]}}
    _refuse(f"fault for service `{service}`:", "CreateService", asked)


def refuse_alarm_state(name: str, state: str) -> None:
    """Refuse a state that no alarm has.

    Raises:
        RoadworthyError: it is none of CloudWatch's.
    """
    if state not in ALARM_STATES:
        raise RoadworthyError(f"alarm `{name}`: {state!r} is no state; pass one of {', '.join(ALARM_STATES)}")


def _refuse(what: str, operation: str, parameters: Mapping[str, Any]) -> None:
    try:
        checked(parameters, operation_model("ecs", operation).input_shape, what)
    except ShapeError as error:
        raise RoadworthyError(str(error)) from None

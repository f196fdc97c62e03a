"""Composite alarms and alarms on metric math.

Lack: AWS::CloudWatch::CompositeAlarm is unknown although the service has it; an alarm with `Metrics` is refused.
Effect: an alarm on an error rate, or one that combines others, cannot be deployed.
Shim: a composite alarm goes through PutCompositeAlarm; a metric-math alarm is kept with its `Metrics`, under a metric
    whose name is the expression, in the namespace `MetricMath`.
Faithful: composite alarms fully; metric math as a record: it is never evaluated.
"""

from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import cloudwatch, handlers, provisioners

_LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions")


def install(_: Settings) -> None:
    """Register composite alarms and accept metric math."""
    handlers["AWS::CloudWatch::CompositeAlarm"] = {
        "create": _create_composite,
        "update": lambda name, _old, new, _stack: _put_composite(name, new),
        "delete": lambda name, _properties: cloudwatch._composite_alarms.pop(name, None),
    }
    _accept_metric_math()


def _create_composite(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    return _put_composite(properties.get("AlarmName") or provisioners._physical_name(stack, logical_id), properties)


def _put_composite(name: str, properties: dict[str, Any]) -> tuple[str, dict[str, str]]:
    request = {
        "AlarmName": name,
        "AlarmRule": properties["AlarmRule"],
        "AlarmDescription": properties.get("AlarmDescription", ""),
        "ActionsEnabled": properties.get("ActionsEnabled", True),
        **{key: properties.get(key, []) for key in _LISTS},
    }
    status, _headers, body = cloudwatch._put_composite_alarm({}, request, False, True)[:3]
    if status >= 400:  # noqa: PLR2004
        raise ValueError(str(body))
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def _accept_metric_math() -> None:
    original = provisioners._cw_metric_alarm_record

    def record(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        queries = properties.get("Metrics")
        if not queries:
            kept: dict[str, Any] = original(name, properties)
            return kept
        returned = next((query for query in queries if query.get("ReturnData", True)), queries[0])
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        metric = {"MetricName": returned.get("Expression") or returned["Id"], "Namespace": "MetricMath"}
        return {**original(name, {**plain, **metric}), "Metrics": queries}

    provisioners._cw_metric_alarm_record = record

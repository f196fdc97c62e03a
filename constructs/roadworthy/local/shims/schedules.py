"""EventBridge Scheduler and ECS tasks.

Lack: AWS::Scheduler::Schedule drops the time zone, and a schedule whose target is a cluster starts nothing.
Effect: a scheduled task never runs.
Shim: the schedule keeps its properties; when it is due, RunTask is called as its target says.
Faithful: `rate` and `at` to ten seconds; a `cron` goes by UTC whatever its time zone. The schedule's role is not asked,
    and a start that fails is neither repeated nor put among the dead letters.
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html
"""

import logging
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, eventbridge, handlers, provisioners, scheduler

_KEPT = ("ScheduleExpressionTimezone", "StartDate", "EndDate", "ActionAfterCompletion", "KmsKeyArn")
_log = logging.getLogger(__name__)


def install(_: Settings) -> None:
    """Complete the record, and run tasks."""
    handler, invoke = handlers["AWS::Scheduler::Schedule"], eventbridge._invoke_target
    create, update = handler["create"], handler["update"]

    def created(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        made = create(logical_id, properties, stack)
        _complete(made[0], properties)
        return made

    def updated(name: str, old: dict[str, Any], new: dict[str, Any], *more: Any, **named: Any) -> Any:
        made = update(name, old, new, *more, **named)
        _complete(made[0], new)
        return made

    def invoked(target: dict[str, Any], *arguments: Any, **named: Any) -> None:
        if "EcsParameters" in target:
            _run_task(target)
        else:
            invoke(target, *arguments, **named)

    handler.update(create=created, update=updated)
    eventbridge._invoke_target = invoked


def _complete(name: str, properties: dict[str, Any]) -> None:
    schedule = scheduler._schedules[f"{properties.get('GroupName', 'default')}/{name}"]
    schedule.update({key: properties[key] for key in _KEPT if key in properties})


def _run_task(target: dict[str, Any]) -> None:
    parameters = provisioners._pascal_to_camel(target["EcsParameters"])
    request = {
        **{key: value for key, value in parameters.items() if key not in ("taskDefinitionArn", "taskCount")},
        "cluster": target["Arn"],
        "taskDefinition": parameters["taskDefinitionArn"],
        "count": int(parameters.get("taskCount", 1)),
    }
    status, _headers, body = ecs._run_task(request)[:3]
    if status >= 400:  # noqa: PLR2004
        _log.warning("a schedule could not start its task: %s", body)

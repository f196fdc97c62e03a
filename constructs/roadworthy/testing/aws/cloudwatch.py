"""CloudWatch: the states of alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
"""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.aws.pages import page
from roadworthy.testing.wire.backend import AwsError, Backend

MOST_NAMES = 100
DEFAULT_PAGE = 50
TYPES = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms"}


class CloudWatch:
    """Alarms by name, with their states: "OK", "ALARM" or "INSUFFICIENT_DATA".

    Attributes:
        states: the alarms that exist; ECS's control plane reads the same mapping.
        composite: the names of those that are composite alarms.
    """

    def __init__(self, backend: Backend, states: Mapping[str, str]) -> None:
        self.states = states
        self.composite: set[str] = set()
        self._backend = backend
        self._seen: dict[str, tuple[str, float]] = {}
        backend.register("cloudwatch", "DescribeAlarms", self._describe_alarms)

    def _describe_alarms(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        names = sorted(name for name in self.states if self._wanted(name, asked))
        refusal = AwsError("InvalidNextToken", "The next token specified is invalid.")
        some, token = page(names, asked.get("MaxRecords", DEFAULT_PAGE), asked.get("NextToken"), refusal)
        answer: dict[str, Any] = {TYPES[kind]: [] for kind in _types(asked)}
        for name in some:
            answer[TYPES[self._type(name)]].append(self._alarm(name))
        return {**answer, "NextToken": token}

    def _wanted(self, name: str, asked: Mapping[str, Any]) -> bool:
        names, state = asked.get("AlarmNames"), asked.get("StateValue")
        _refuse_many(names or ())
        named = (names is None or name in names) and name.startswith(asked.get("AlarmNamePrefix", ""))
        return named and self._type(name) in _types(asked) and state in (None, self.states[name])

    def _type(self, name: str) -> str:
        return "CompositeAlarm" if name in self.composite else "MetricAlarm"

    def _alarm(self, name: str) -> dict[str, Any]:
        state = self.states[name]
        return {
            "AlarmName": name,
            "AlarmArn": self._backend.arn("cloudwatch", f"alarm:{name}"),
            "ActionsEnabled": True,
            "StateValue": state,
            "StateReason": f"The state is {state}",
            "StateUpdatedTimestamp": self._since(name, state),
        }

    def _since(self, name: str, state: str) -> float:
        """When the alarm was first seen in its state."""
        seen, _ = self._seen.get(name, ("", 0.0))
        if seen != state:
            self._seen[name] = (state, self._backend.now())
        return self._seen[name][1]


def _types(asked: Mapping[str, Any]) -> list[str]:
    """Without types, only metric alarms are answered."""
    return [kind for kind in TYPES if kind in asked.get("AlarmTypes", ["MetricAlarm"])]


def _refuse_many(names: Any) -> None:
    if len(names) > MOST_NAMES:
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value at 'alarmNames' failed to satisfy constraint: Member must have length "
            f"less than or equal to {MOST_NAMES}",
        )

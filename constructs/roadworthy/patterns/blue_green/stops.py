"""Steps of your own, as 10 -> 50 -> 100 percent: a linear deployment that holds at some of its steps.

ECS itself knows equal steps, or one step and then the rest. A linear deployment in steps of the greatest common
divisor comes by each of yours; a hook before each step holds it there, and lets it pass everywhere else. So ECS knows
all weights and takes them back itself when the deployment fails.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk

from roadworthy.patterns.blue_green.part import LifecycleHook, Part, Wait
from roadworthy.patterns.blue_green.shift import HUNDRED, Canary, Linear, Shift, refuse_percent
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage
from roadworthy.patterns.blue_green.times import minutes_for, refuse_seconds
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.values import is_token

_TENTHS = 10
_LEAST = 3 * _TENTHS  # the smallest step of a linear deployment
_LONGEST = 82_800  # seconds, 23 hours: a hook has a day
_FEWEST = 2
_POLL, _AFTER, _ONE_CALL = 15, 60, 10


def shift_in_steps(steps: Sequence[float], hold: cdk.Duration) -> Shift:
    """The simplest shift that has these steps: ECS's own canary or linear one, or one with stops.

    Args:
        steps: the parts in percent, rising, the last of them 100.
        hold: how long at each but the last.

    Raises:
        InvalidDeploymentError: no such list, or steps that no linear deployment comes by; the message names one near.
    """
    tenths = _checked(steps)
    if len(tenths) == _FEWEST:
        return Canary(percent=steps[0], hold=hold)
    first = tenths[0]
    if first >= _LEAST and all(part == min(first * (at + 1), HUNDRED * _TENTHS) for at, part in enumerate(tenths)):
        return Linear(percent=steps[0], hold=hold)
    return Stops(parts=tuple(steps), hold=hold)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stops(Shift, Part):
    """Steps that are neither ECS's canary nor its linear ones.

    Attributes:
        parts: in percent, rising, the last of them 100.
        hold: how long at each but the last, 1 s to 23 h.

    Raises:
        InvalidDeploymentError: no linear deployment comes by the parts, or the hold is out of its range.
    """

    parts: tuple[float, ...]
    hold: cdk.Duration
    strategy = "LINEAR"

    def __post_init__(self) -> None:
        refuse_seconds("steps hold", self.hold, 1, _LONGEST)
        if self._step < _LEAST:
            raise InvalidDeploymentError(
                f"deployment steps {_listed(self.parts)} are multiples of {self._step / _TENTHS:g} percent, and ECS's "
                f"linear steps have at least {_LEAST // _TENTHS}; nearest is Deployment.canary({self.parts[0]:g})"
            )

    @property
    def _step(self) -> int:
        """The greatest common divisor, in tenths of a percent."""
        return math.gcd(*(round(part * _TENTHS) for part in self.parts))

    @property
    def _hold(self) -> int:
        return int(self.hold.to_seconds())

    @property
    def steps(self) -> int:
        """See `Shift`."""
        return HUNDRED * _TENTHS // self._step

    @property
    def holds(self) -> int:
        """See `Shift`."""
        return (len(self.parts) - 1) * self._hold

    def configuration(self) -> Mapping[str, Any]:
        """See `Shift`."""
        return {"LinearConfiguration": {"StepPercent": self._step / _TENTHS, "StepBakeTimeInMinutes": 0}}

    def waits(self) -> list[Wait]:
        """See `Part`; its time is that of `holds`."""
        return []

    def hooks(self, site: Site) -> list[LifecycleHook]:
        """See `Part`."""
        function = site.function(
            "Steps",
            "deployment_steps",
            timeout_seconds=_ONE_CALL,
            environment={
                "STOPS": ",".join(f"{part:g}" for part in self.parts[:-1]),
                "HOLD_SECONDS": str(self._hold),
                "POLL_SECONDS": str(_POLL),
            },
        )
        stages = [LifecycleStage.PRE_PRODUCTION_TRAFFIC_SHIFT]
        minutes = minutes_for(self._hold + _AFTER)
        return [LifecycleHook(stages=stages, function_arn=function.function_arn, minutes=minutes)]


def _checked(steps: Sequence[float]) -> list[int]:
    if not isinstance(steps, Sequence) or isinstance(steps, str) or len(steps) < _FEWEST:
        raise InvalidDeploymentError(
            f"deployment steps {steps!r} are no list such as [10, 50, 100]; all at once is Deployment.blue_green"
        )
    for part in steps:
        refuse_percent("deployment step", part, 1 / _TENTHS)
        if is_token(part):
            raise InvalidDeploymentError("deployment steps hold a token: write their values")
    tenths = [round(part * _TENTHS) for part in steps]
    if sorted(set(tenths)) != tenths or tenths[-1] != HUNDRED * _TENTHS:
        raise InvalidDeploymentError(f"deployment steps {_listed(steps)} do not rise to 100")
    return tenths


def _listed(steps: Sequence[float]) -> str:
    return f"[{', '.join(f'{part:g}' for part in steps)}]"

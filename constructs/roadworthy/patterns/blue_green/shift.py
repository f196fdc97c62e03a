"""How traffic goes from the old version to the new one: at once, or in steps.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

import abc
import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk

from roadworthy.patterns.blue_green.times import in_seconds, refuse_minutes
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.values import is_token

HUNDRED = 100
LONGEST_MINUTES = 1_440
_PRECISION = 10  # ECS takes tenths of a percent
_LEAST_CANARY, _LEAST_STEP = 0.1, 3.0


class Shift(abc.ABC):
    """A way to shift traffic."""

    strategy: str

    @property
    @abc.abstractmethod
    def steps(self) -> int | None:
        """In how many steps; None where a token hides it."""

    @property
    @abc.abstractmethod
    def holds(self) -> int | None:
        """How many seconds it holds between steps, in all; None where a token hides it."""

    @abc.abstractmethod
    def configuration(self) -> Mapping[str, Any]:
        """Its own properties of a service's `DeploymentConfiguration`."""


@dataclasses.dataclass(frozen=True)
class AllAtOnce(Shift):
    """All traffic in one step."""

    strategy = "BLUE_GREEN"

    @property
    def steps(self) -> int:
        """See `Shift`."""
        return 1

    @property
    def holds(self) -> int:
        """See `Shift`."""
        return 0

    def configuration(self) -> Mapping[str, Any]:
        """See `Shift`."""
        return {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Canary(Shift):
    """A part first, then the rest at once.

    Attributes:
        percent: the part, 0.1 to 100 in tenths.
        hold: how long only this part is shifted, 0 to 1,440 whole minutes.

    Raises:
        InvalidDeploymentError: either is out of its range.
    """

    percent: float
    hold: cdk.Duration
    strategy = "CANARY"

    def __post_init__(self) -> None:
        refuse_percent("canary percent", self.percent, _LEAST_CANARY)
        refuse_minutes("canary hold", self.hold, 0, LONGEST_MINUTES)

    @property
    def steps(self) -> int | None:
        """See `Shift`."""
        return None if is_token(self.percent) else 1 if self.percent == HUNDRED else 2

    @property
    def holds(self) -> int | None:
        """See `Shift`."""
        return _between(self.steps, self.hold)

    def configuration(self) -> Mapping[str, Any]:
        """See `Shift`."""
        return {
            "CanaryConfiguration": {
                "CanaryPercent": self.percent,
                "CanaryBakeTimeInMinutes": self.hold.to_minutes(),
            }
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class Linear(Shift):
    """Equal steps, the last of which may be smaller.

    Attributes:
        percent: of each step, 3 to 100 in tenths.
        hold: how long after each step but the last, 0 to 1,440 whole minutes.

    Raises:
        InvalidDeploymentError: either is out of its range.
    """

    percent: float
    hold: cdk.Duration
    strategy = "LINEAR"

    def __post_init__(self) -> None:
        refuse_percent("linear percent", self.percent, _LEAST_STEP)
        refuse_minutes("linear hold", self.hold, 0, LONGEST_MINUTES)

    @property
    def steps(self) -> int | None:
        """See `Shift`."""
        return None if is_token(self.percent) else math.ceil(HUNDRED * _PRECISION / round(self.percent * _PRECISION))

    @property
    def holds(self) -> int | None:
        """See `Shift`."""
        return _between(self.steps, self.hold)

    def configuration(self) -> Mapping[str, Any]:
        """See `Shift`."""
        return {
            "LinearConfiguration": {
                "StepPercent": self.percent,
                "StepBakeTimeInMinutes": self.hold.to_minutes(),
            }
        }


def refuse_percent(what: str, percent: float, low: float) -> None:
    """Refuse what ECS takes for no percentage; a token passes unchecked.

    Raises:
        InvalidDeploymentError: it is no number, below `low`, over 100, or finer than tenths.
    """
    is_number = isinstance(percent, int | float) and not isinstance(percent, bool)
    if is_number and math.isfinite(percent) and is_token(percent):  # CDK's kernel ends when it is asked about nan
        return
    if not is_number:
        raise InvalidDeploymentError(f"{what} = {percent!r} is no number")
    in_range = low <= percent <= HUNDRED  # which nan is not
    if not in_range or not math.isclose(percent * _PRECISION, round(percent * _PRECISION), abs_tol=1e-9):
        raise InvalidDeploymentError(f"{what} = {percent!r} is not in {low:g}..{HUNDRED}, in tenths")


def _between(steps: int | None, hold: cdk.Duration) -> int | None:
    seconds = in_seconds(hold)
    return None if steps is None or seconds is None else (steps - 1) * seconds

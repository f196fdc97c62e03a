"""On which of Fargate's capacity tasks run: on demand, or Spot, which costs less and may be taken back."""

import dataclasses

from aws_cdk import aws_ecs as ecs

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.values import is_token, out_of_range

_HEAVIEST, _LARGEST_BASE = 1_000, 100_000


class InvalidCapacityError(RoadworthyError, ValueError):
    """A share of on-demand and Spot tasks that ECS would refuse."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Capacity:
    """How tasks are shared between FARGATE and FARGATE_SPOT; tokens pass unchecked.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html

    Attributes:
        base: how many tasks run on demand before any runs on Spot, 0 to 100,000.
        on_demand_weight: the share of the others that runs on demand, 0 to 1,000.
        spot_weight: the share of the others that runs on Spot, 0 to 1,000.

    Raises:
        InvalidCapacityError: a value is out of its range, or both weights are 0.
    """

    base: int = 1
    on_demand_weight: int = 1
    spot_weight: int = 3

    def __post_init__(self) -> None:
        ranges = {"base": _LARGEST_BASE, "on_demand_weight": _HEAVIEST, "spot_weight": _HEAVIEST}
        for name, most in ranges.items():
            wrong = out_of_range(getattr(self, name), 0, most)
            if wrong:
                raise InvalidCapacityError(f"capacity {name} = {getattr(self, name)!r} {wrong}")
        weights = (self.on_demand_weight, self.spot_weight)
        if not any(map(is_token, weights)) and not any(weights):
            raise InvalidCapacityError("capacity on_demand_weight = 0, spot_weight = 0: no task could be placed")

    def strategies(self) -> list[ecs.CapacityProviderStrategy]:
        """As `ecs.FargateService` takes it."""
        return [
            ecs.CapacityProviderStrategy(capacity_provider="FARGATE", base=self.base, weight=self.on_demand_weight),
            ecs.CapacityProviderStrategy(capacity_provider="FARGATE_SPOT", weight=self.spot_weight),
        ]

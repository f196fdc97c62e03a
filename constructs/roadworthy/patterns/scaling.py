"""How many tasks a service runs, and what makes it more or fewer."""

import dataclasses

from roadworthy.errors import RoadworthyError


class InvalidScalingError(RoadworthyError, ValueError):
    """Bounds or targets that Application Auto Scaling would refuse."""


@dataclasses.dataclass(frozen=True)
class Scaling:
    """Target-tracking bounds.

    Attributes:
        min: the fewest tasks.
        max: the most tasks.
        cpu_percent: the average CPU use that scaling keeps, in percent.
        memory_percent: likewise for memory.
    """

    min: int = 2
    max: int = 10
    cpu_percent: int = 60
    memory_percent: int = 70

    def __post_init__(self) -> None:
        if not 0 < self.min <= self.max:
            raise InvalidScalingError(f"scaling min = {self.min}, max = {self.max}: needs 0 < min <= max")
        for name in ("cpu_percent", "memory_percent"):
            value = getattr(self, name)
            if not 0 < value <= 100:  # noqa: PLR2004 (percent)
                raise InvalidScalingError(f"scaling {name} = {value} is not in 1..100")

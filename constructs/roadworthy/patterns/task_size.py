"""How large a task is, and which processor it has: Fargate offers certain sizes only."""

import dataclasses
import enum
import math

from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.values import is_token
from roadworthy.rules.facts.fargate_sizes import SIZES, smallest_fit

_NAMED = 3  # so many of the nearest sizes stand in the message


class InvalidTaskSizeError(RoadworthyError, ValueError):
    """A pair of CPU and memory that Fargate does not have."""


class Architecture(enum.Enum):
    """The processors of Fargate's Linux tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
    """

    X86_64 = "linux/amd64"
    ARM64 = "linux/arm64"

    @property
    def cpu_architecture(self) -> ecs.CpuArchitecture:
        """As a task definition takes it."""
        return ecs.CpuArchitecture.of(self.name)

    @property
    def platform(self) -> ecr_assets.Platform:
        """As an image is built for it."""
        return ecr_assets.Platform.custom(self.value)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskSize:
    """CPU and memory of a task; tokens pass unchecked.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html

    Attributes:
        cpu: CPU units, 1,024 to a vCPU.
        memory_mib: memory in MiB.

    Raises:
        InvalidTaskSizeError: Fargate has no task of this size; the message names the nearest.
    """

    cpu: int = 256
    memory_mib: int = 512

    def __post_init__(self) -> None:
        if is_token(self.cpu) or is_token(self.memory_mib):
            return
        numbers = isinstance(self.cpu, int) and isinstance(self.memory_mib, int)
        if not numbers or self.memory_mib not in SIZES.get(self.cpu, ()):
            near = ", ".join(f"{cpu} with {memory}" for cpu, memory in nearest_sizes(self.cpu, self.memory_mib))
            raise InvalidTaskSizeError(
                f"Fargate has no task of {self.cpu!r} CPU units with {self.memory_mib!r} MiB"
                + (f"; the nearest are {near}" if near else ": both are whole numbers")
            )

    @classmethod
    def at_least(cls, *, cpu: int = 0, memory_mib: int = 0) -> "TaskSize":
        """The smallest size with at least so much of both.

        Raises:
            InvalidTaskSizeError: there is none so large.
        """
        for name, value in (("cpu", cpu), ("memory_mib", memory_mib)):
            if not isinstance(value, int) or isinstance(value, bool):
                raise InvalidTaskSizeError(f"{name} = {value!r} is not a whole number, which the next size is found by")
        fit = smallest_fit(cpu, memory_mib)
        if fit is None:
            largest, memories = max(SIZES.items())
            raise InvalidTaskSizeError(
                f"Fargate has no task of {cpu} CPU units and {memory_mib} MiB or more; "
                f"the largest is {largest} with {memories[-1]}"
            )
        return cls(cpu=fit[0], memory_mib=fit[1])


def nearest_sizes(cpu: object, memory_mib: object) -> list[tuple[int, int]]:
    """The sizes that come next to a pair, the nearest first; none where the pair is not of numbers."""
    if not isinstance(cpu, int | float) or not isinstance(memory_mib, int | float):
        return []

    def distance(size: tuple[int, int]) -> tuple[float, int, int]:
        return _steps(cpu, size[0]) + _steps(memory_mib, size[1]), *size

    return sorted(((units, memory) for units, memories in SIZES.items() for memory in memories), key=distance)[:_NAMED]


def _steps(wanted: float, offered: int) -> float:
    """How often one doubles into the other."""
    return abs(math.log2(max(wanted, 1)) - math.log2(offered))

"""What every deployment raises."""

from roadworthy.errors import RoadworthyError


class InvalidDeploymentError(RoadworthyError, ValueError):
    """A deployment that ECS would refuse, or that could neither start nor stop a task."""

"""How long a task may take to end: as long for the load balancer to let go of it as for the container to stop."""

import aws_cdk as cdk

from roadworthy.errors import RoadworthyError

DEFAULT = cdk.Duration.seconds(30)
_LEAST, _MOST = 2, 120  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html


class InvalidTimeoutError(RoadworthyError, ValueError):
    """A time that ECS or the load balancer would refuse."""


def refuse_duration(what: str, duration: cdk.Duration | None, low: int, high: int) -> None:
    """Refuse a duration out of its range; a token passes unchecked.

    Args:
        what: the option, for the message.
        duration: what was given; None is in every range.
        low: the least, in seconds.
        high: the most, in seconds.

    Raises:
        InvalidTimeoutError: it is out of its range, no whole number of seconds, or no duration.
    """
    if duration is None:
        return
    if not isinstance(duration, cdk.Duration):
        raise InvalidTimeoutError(f"{what} = {duration!r} is no duration: write cdk.Duration.seconds(...)")
    if duration.is_unresolved():
        return
    seconds = duration.to_seconds(integral=False)
    if seconds != int(seconds) or not low <= seconds <= high:
        raise InvalidTimeoutError(f"{what} = {seconds:g} s is not a whole number of seconds in {low}..{high}")


def drain_time(what: str, duration: cdk.Duration | None) -> cdk.Duration:
    """How long a container may take to stop; default: 30 s.

    Raises:
        InvalidTimeoutError: Fargate gives it 2 to 120 s.
    """
    refuse_duration(what, duration, _LEAST, _MOST)
    return duration or DEFAULT

"""Durations of a deployment: ECS counts in whole minutes, hooks in whole seconds."""

import math

import aws_cdk as cdk

from roadworthy.patterns.deployment.error import InvalidDeploymentError

MINUTE = 60  # seconds


def refuse_minutes(what: str, duration: cdk.Duration, low: int, high: int) -> None:
    """Refuse what is no whole number of minutes in its range; a token of minutes passes unchecked.

    Args:
        what: the option, for the message.
        duration: what was given.
        low: the least, in minutes.
        high: the most, in minutes.

    Raises:
        InvalidDeploymentError: it is out of its range, no whole number of minutes, or no duration.
    """
    _refuse_type(what, duration, "minutes")
    if duration.is_unresolved():
        if duration.unit_label() != "minutes":
            raise InvalidDeploymentError(f"{what} is a token of {duration.unit_label()}: ECS takes minutes")
        return
    seconds = duration.to_seconds(integral=False)
    if seconds % MINUTE or not low * MINUTE <= seconds <= high * MINUTE:
        raise InvalidDeploymentError(f"{what} = {seconds:g} s is not a whole number of minutes in {low}..{high}")


def refuse_seconds(what: str, duration: cdk.Duration, low: int, high: int) -> None:
    """Refuse what is no whole number of seconds in its range, or a token: sums are done with it.

    Args:
        what: the option, for the message.
        duration: what was given.
        low: the least, in seconds.
        high: the most, in seconds.

    Raises:
        InvalidDeploymentError: it is out of its range, no whole number of seconds, a token, or no duration.
    """
    _refuse_type(what, duration, "seconds")
    if duration.is_unresolved():
        raise InvalidDeploymentError(f"{what} is a token: write its value, the time together is summed up from it")
    seconds = duration.to_seconds(integral=False)
    if seconds != int(seconds) or not low <= seconds <= high:
        raise InvalidDeploymentError(f"{what} = {seconds:g} s is not a whole number of seconds in {low}..{high}")


def in_seconds(duration: cdk.Duration) -> int | None:
    """The whole seconds of a duration; None where a token hides them."""
    return None if duration.is_unresolved() else int(duration.to_seconds())


def minutes_for(seconds: int) -> int:
    """The fewest whole minutes in which so many seconds fit."""
    return math.ceil(seconds / MINUTE)


def _refuse_type(what: str, duration: object, unit: str) -> None:
    if not isinstance(duration, cdk.Duration):
        raise InvalidDeploymentError(f"{what} = {duration!r} is no duration: write cdk.Duration.{unit}(...)")

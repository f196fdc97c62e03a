"""Where a deployment is held, and for how long."""

from dataclasses import dataclass

from deployment_hook.options import Options, SettingError

_DAY, _HUNDRED = 86_400, 100
_TENTHS = 10  # ECS counts traffic in tenths of a percent


@dataclass(frozen=True)
class Settings:
    """`stops` are in tenths of a percent of the traffic."""

    stops: frozenset[int]
    hold_seconds: int
    poll_seconds: int


def parse(options: Options) -> Settings:
    """Read the settings; raises SettingError."""
    return Settings(
        stops=frozenset(_stop(word) for word in options.text("STOPS").split(",")),
        hold_seconds=options.number("HOLD_SECONDS", least=1, most=_DAY),
        poll_seconds=options.number("POLL_SECONDS", 15, least=1, most=300),
    )


def in_tenths(percent: float) -> int:
    """A percentage as ECS counts it."""
    return round(percent * _TENTHS)


def _stop(word: str) -> int:
    try:
        percent = float(word)
    except ValueError:
        percent = 0
    if not 0 < percent < _HUNDRED:
        raise SettingError(f"{word!r} in the variable STOPS: it must be a percentage between 0 and 100")
    return in_tenths(percent)

"""What is different between the kinds of services: what each says in the catalogue, and what its pattern takes."""

from typing import NamedTuple

_SCALING = "scaling=Scaling(min=entry.min, max=entry.max) if entry.scales else Scaling.fixed(entry.desired)"
_PROTECTION = "deletion_protection=environment.guarded"


class Kind(NamedTuple):
    """One kind of `roadworthy.catalogue`.

    Attributes:
        pattern: the pattern of `roadworthy.patterns` that fits.
        says: its lines in the catalogue, with values to begin with.
        gives: the pattern's own keywords.
        imports: what these take of `roadworthy.patterns`.
        narrows: the keys that the catalogue makes sure of, and a type checker must be told of.
    """

    pattern: str
    says: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    narrows: tuple[str, ...] = ()


KINDS = {
    "http": Kind(
        "HttpService",
        says=("port = 8000 # on which the container listens", 'health_path = "/health" # which answers 200'),
        gives=("port=entry.port", "health_check=HealthCheck.http(entry.health_path)", _SCALING, _PROTECTION),
        imports=("HealthCheck", "Scaling"),
        narrows=("port", "health_path"),
    ),
    "worker": Kind("WorkerService", gives=(_SCALING,), imports=("Scaling",)),
    "singleton": Kind("SingletonService"),
    "tcp": Kind(
        "TcpService",
        says=("port = 6432 # on which the container listens",),
        gives=("port=entry.port", _SCALING, _PROTECTION),
        imports=("Scaling",),
        narrows=("port",),
    ),
    "scheduled": Kind(
        "ScheduledTask",
        says=('schedule = "cron(0 3 * * ? *)" # each night at three, UTC',),
        gives=("schedule=entry.schedule",),
        narrows=("schedule",),
    ),
}

"""How the guard sees ticks, and how long it waits for them."""

from dataclasses import dataclass

from deployment_hook.options import Options, SettingError

LEASE, TASK_PROTECTION = "lease", "task-protection"
ROLLBACK, CONTINUE = "ROLLBACK", "CONTINUE"  # ECS's own words for what to do when a hook's time is over


@dataclass(frozen=True)
class Store:
    """The table of leases, the item's key (empty: the service's own name) and how long a pause holds by itself."""

    table: str
    key: str
    pause_seconds: int


@dataclass(frozen=True)
class Settings:
    """`store` is there in the mode `lease` alone. The wait is at least `min_wait_seconds`, even if no tick is seen."""

    store: Store | None
    min_wait_seconds: int
    max_wait_seconds: int
    on_timeout: str
    poll_seconds: int


def parse(options: Options) -> Settings:
    """Read the settings; raises SettingError."""
    least = options.number("MIN_WAIT_SECONDS", 10, least=0, most=600)
    most = options.number("MAX_WAIT_SECONDS", 60, least=10, most=3600)
    if most < least:
        raise SettingError(f"MAX_WAIT_SECONDS is {most}: it must be at least MIN_WAIT_SECONDS, which is {least}")
    mode = options.choice("MODE", (LEASE, TASK_PROTECTION))
    return Settings(
        store=store(options) if mode == LEASE else None,
        min_wait_seconds=least,
        max_wait_seconds=most,
        on_timeout=options.choice("ON_TIMEOUT", (ROLLBACK, CONTINUE), ROLLBACK),
        poll_seconds=options.number("POLL_SECONDS", 5, least=1, most=60),
    )


def store(options: Options) -> Store:
    """Read where the leases are, from the environment alone: events have no `hookDetails`. Raises SettingError."""
    environment = Options(options.environment)
    return Store(
        table=environment.text("LEASE_TABLE"),
        key=environment.text("LEASE_KEY", ""),
        pause_seconds=environment.number("PAUSE_SECONDS", 120, least=30, most=3600),
    )

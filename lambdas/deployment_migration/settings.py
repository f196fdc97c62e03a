"""What to run, in which container, and how long it may take."""

from dataclasses import dataclass

from deployment_hook.options import Options

LONGEST_SECONDS = 23 * 3600  # ECS waits for a hook for 24 hours at most, and this is to end before


@dataclass(frozen=True)
class Settings:
    """The container whose command is replaced, the command, its limit and how often it is looked at (seconds)."""

    container: str
    command: tuple[str, ...]
    timeout_seconds: int
    poll_seconds: int


def parse(options: Options) -> Settings:
    """Read the settings; raises SettingError."""
    return Settings(
        container=options.text("CONTAINER"),
        command=options.words("COMMAND"),
        timeout_seconds=options.number("TIMEOUT_SECONDS", 600, least=30, most=LONGEST_SECONDS),
        poll_seconds=options.number("POLL_SECONDS", 5, least=1, most=300),
    )

"""How long a deployment may take, and where its schedule is made."""

from dataclasses import dataclass

from deployment_hook.options import Options


@dataclass(frozen=True)
class Settings:
    """`deadline_seconds` count from the deployment's start; the group and the role are EventBridge Scheduler's."""

    deadline_seconds: int
    schedule_group: str
    scheduler_role: str


def parse(options: Options) -> Settings:
    """Read the settings; raises SettingError."""
    return Settings(
        deadline_seconds=options.number("DEADLINE_SECONDS", least=60, most=30 * 24 * 3600),
        schedule_group=options.text("SCHEDULE_GROUP", "default"),
        scheduler_role=options.text("SCHEDULER_ROLE_ARN"),
    )

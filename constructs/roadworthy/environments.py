"""The environments of `services.toml`, for stacks: the public names of `roadworthy.catalogue` that they need."""

from roadworthy.catalogue.environment import LOG_RETENTION_DAYS, Environment, ExistingTables, Notifications
from roadworthy.catalogue.error import CatalogueError as EnvironmentsError

__all__ = ["LOG_RETENTION_DAYS", "Environment", "EnvironmentsError", "ExistingTables", "Notifications"]

"""What an online check is made with: the `online_check` decorator, and the findings and severities of rules."""

from roadworthy.online.engine.check import OnlineCheck, online_check
from roadworthy.rules.engine.rule import ERROR, WARNING, Finding

__all__ = ["ERROR", "WARNING", "Finding", "OnlineCheck", "online_check"]

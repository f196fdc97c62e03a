"""What a rule is made with: the `rule` decorator, its severities, and the findings that it yields."""

from roadworthy.rules.engine.rule import ERROR, WARNING, Finding, Rule, rule

__all__ = ["ERROR", "WARNING", "Finding", "Rule", "rule"]

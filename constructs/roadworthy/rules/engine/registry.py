"""All rules, found by looking into the folder."""

import importlib
import pkgutil
from functools import cache

from roadworthy import rules
from roadworthy.rules.engine.rule import RULES, Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, ordered by id. The first call imports their modules."""
    for module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
        if not module.ispkg:
            importlib.import_module(module.name)
    return tuple(RULES[rule_id] for rule_id in sorted(RULES))

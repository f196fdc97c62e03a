"""All online checks, found by looking into the folder."""

import importlib
import os
from functools import cache

from roadworthy.online import checks
from roadworthy.online.engine.check import CHECKS, OnlineCheck
from roadworthy.online.engine.skipped import PAGE, SKIPPED, SOURCE
from roadworthy.rules.engine.rule import WARNING, Rule
from roadworthy.template.model.model import Model


def described() -> tuple[Rule, ...]:
    """Each check as a rule that finds nothing: what there is to select, to ignore and to explain."""
    parts = {check.id: check for check in all_checks()}
    rules = [Rule(each.id, each.severity, each.source, Model, lambda _: (), each.page) for each in parts.values()]
    return (*rules, Rule(SKIPPED, WARNING, SOURCE, Model, lambda _: (), PAGE))


@cache
def all_checks() -> tuple[OnlineCheck, ...]:
    """Every part of every check, ordered by id. The first call imports their modules, which need no boto3."""
    for folder in checks.__path__:
        for file in sorted(os.listdir(folder)):
            name, extension = os.path.splitext(file)
            if extension == ".py" and name != "__init__":
                importlib.import_module(f"{checks.__name__}.{name}")
    return tuple(sorted(CHECKS, key=lambda check: check.id))

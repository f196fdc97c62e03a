"""All checks, found by looking into the folder."""

import importlib
import os
from functools import cache

from roadworthy.operations.diagnose import checks
from roadworthy.operations.diagnose.check import CHECKS, Check
from roadworthy.operations.diagnose.stage import Step


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, in the checklist's order. The first call imports their modules."""
    for folder in checks.__path__:
        for file in sorted(os.listdir(folder)):
            name, extension = os.path.splitext(file)
            if extension == ".py" and name != "__init__":
                importlib.import_module(f"{checks.__name__}.{name}")
    steps = list(Step)
    return tuple(sorted(CHECKS.values(), key=lambda each: (steps.index(each.step), each.stage, each.id)))

"""All online checks, found by looking into the folder."""

import importlib
import os
from functools import cache

from roadworthy.online import checks
from roadworthy.online.engine.check import CHECKS, OnlineCheck


@cache
def all_checks() -> tuple[OnlineCheck, ...]:
    """Every part of every check, ordered by id. The first call imports their modules, which need no boto3."""
    for folder in checks.__path__:
        for file in sorted(os.listdir(folder)):
            name, extension = os.path.splitext(file)
            if extension == ".py" and name != "__init__":
                importlib.import_module(f"{checks.__name__}.{name}")
    return tuple(sorted(CHECKS, key=lambda check: check.id))

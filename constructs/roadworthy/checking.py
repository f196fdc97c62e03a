"""The library's front door: check files, folders and cloud assemblies from Python."""

import os

from roadworthy.report.report import Report
from roadworthy.rules.engine.run import run
from roadworthy.template.sources import read


def check(*paths: "str | os.PathLike[str]") -> Report:
    """Check every template and ECS definition at `paths`: files, folders, cloud assemblies, "-" for standard input.

    Raises:
        roadworthy.template.problems.UnreadableError: a path does not exist or a file that was named cannot be read.
    """
    return run(read([os.fspath(path) for path in paths]))

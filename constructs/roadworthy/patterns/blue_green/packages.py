"""Where the hooks' code is: beside the library in its repository, within it where it was installed."""

from pathlib import Path

import roadworthy

_LIBRARY = Path(roadworthy.__file__).parent


def hook_package(name: str) -> Path:
    """The folder of a Lambda package of ours, such as `deployment_migration`."""
    installed = _LIBRARY / "lambdas" / name
    return installed if installed.is_dir() else _LIBRARY.parents[1] / "lambdas" / name

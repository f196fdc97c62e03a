"""What adding a service would write; all that could be wrong with it is refused here."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from roadworthy.catalogue import Catalogue, CatalogueError
from roadworthy.scaffold.check_text import check_text
from roadworthy.scaffold.entry_text import append, entry_text
from roadworthy.scaffold.names import Names, ScaffoldError
from roadworthy.scaffold.stack_text import stack_text


class Plan(NamedTuple):
    """What adding a service writes.

    Attributes:
        catalogue: the path of services.toml.
        entry: what is added to it.
        text: what it then holds.
        files: the new files, path -> text.
        app_lines: what the user adds to app.py.
    """

    catalogue: Path
    entry: str
    text: str
    files: dict[Path, str]
    app_lines: str


def plan_service(service: str, kind: str, environments: Sequence[str] = (), *, path: Path | None = None) -> Plan:
    """Plan a service of a kind.

    Args:
        service: its name.
        kind: one of `roadworthy.catalogue`.
        environments: where it is; none: in all.
        path: services.toml; default: the one in the working directory, or the nearest above it.

    Raises:
        CatalogueError: services.toml is missing or malformed, or does not know an environment.
        ScaffoldError: no service can be called so, or something is there already.
    """
    names, catalogue = Names.of(service), Catalogue.load(path)
    if any(entry.service == service for entry in catalogue.entries):
        raise ScaffoldError(f"{catalogue.file}: service `{service}` is there already: choose another name")
    within = list(dict.fromkeys(catalogue.environment(name).name for name in environments))
    file = Path(catalogue.file)
    entry = entry_text(service, kind, within)
    text = append(file.read_bytes().decode(), entry)
    _refuse_text(text, service, file)
    stack = file.parent / "stacks" / f"{names.module}.py"
    test = file.parent / "tests" / f"test_{names.module}.py"
    for one in (stack, stack.with_suffix(""), test):
        if one.exists() or one.is_symlink():
            raise ScaffoldError(f"{one} is there already: choose another name than `{service}`")
    return Plan(file, entry, text, {stack: stack_text(names, kind), test: check_text(names)}, _app_lines(names, within))


def _refuse_text(text: str, service: str, file: Path) -> None:
    """Refuse a text of `file` that the catalogue would refuse."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / file.name
        trial.write_bytes(text.encode())
        try:
            Catalogue.load(trial)
        except CatalogueError as error:
            reason = str(error).replace(str(trial), str(file))
            raise ScaffoldError(f"`{service}` cannot be added: {reason}") from None


def _app_lines(names: Names, within: Sequence[str]) -> str:
    """The import, and the stack; where not every environment has the service, under its condition."""
    given = "env=env, environment=environment, network=network, cluster=cluster, image_reference=tag"
    some = ", ".join(f'"{name}"' for name in within)
    condition = f"if environment.name in {{{some}}}:\n    " if within else ""
    made = f'{names.stack}(app, "{names.stack}", {given})'
    return f"from stacks.{names.module} import {names.stack}\n{condition}{made}"

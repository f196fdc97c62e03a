"""A new service in the text of `services.toml`, which else stays as it is."""

import json
from collections.abc import Sequence

from roadworthy.scaffold.kinds import KINDS


def entry_text(service: str, kind: str, environments: Sequence[str] = ()) -> str:
    """The service's table; no environments: it is in all."""
    only = [f"environments = {json.dumps(list(environments))}"] if environments else []
    return "\n".join([f"[services.{service}]", f'kind = "{kind}"', *only, *KINDS[kind].says, ""])


def append(text: str, entry: str) -> str:
    """`text` with the entry as its last table, a blank line before it, and the line ends that `text` has.

    A table of TOML may stand anywhere, so that nothing before it is touched: https://toml.io/en/v1.0.0#table
    """
    end = "\r\n" if "\r\n" in text else "\n"
    begun = text if not text or text.endswith("\n") else text + end
    blank = "" if not begun or begun.endswith(end * 2) else end
    return begun + blank + entry.replace("\n", end)

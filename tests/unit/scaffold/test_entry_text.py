"""A service is added to a text that else stays as it is."""

import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.catalogue import Catalogue
from roadworthy.scaffold import plan_service
from roadworthy.scaffold.entry_text import append, entry_text
from roadworthy.scaffold.kinds import KINDS

HEAD = 'project = "shop"\n[environments.stage]\n[environments.prod]\n[environments.prod.defaults]\ncpu = 512\n'
NAMES = st.from_regex(r"[a-z][a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True).filter(lambda name: name != "new")
SPACE = st.sampled_from(["", "\n", "# a note\n", "\n\n# [services.new]\n"])
TABLES = st.builds(
    lambda name, kind, space, within: space + entry_text(name, kind, within),
    NAMES,
    st.sampled_from(list(KINDS)),
    SPACE,
    st.sampled_from([[], ["stage"], ["prod", "stage"]]),
)
TEXTS = st.builds(
    lambda tables, space, crlf: (HEAD + "".join(tables) + space).replace("\n", crlf),
    st.lists(TABLES, max_size=4, unique_by=lambda text: text.split("[services.")[-1].split("]")[0]),
    st.sampled_from(["", "\n", "\n\n", "# no line end", "\n[naming]\nservice = '{service}-{env}'"]),
    st.sampled_from(["\n", "\r\n"]),
)


@given(TEXTS, st.sampled_from(list(KINDS)))
def test_the_catalogue_without_the_new_service_is_the_one_before(text, kind):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "services.toml")
        file.write_bytes(text.encode())
        before = Catalogue.load(file)
        plan = plan_service("new", kind, path=file)
        file.write_bytes(plan.text.encode())
        after = Catalogue.load(file)
    others = tuple(entry for entry in after.entries if entry.service != "new")
    assert dataclasses.replace(after, entries=others) == before
    assert [entry.kind for entry in after.entries if entry.service == "new"] == [kind, kind]
    assert plan.text.startswith(text)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("", "[t]\n"),
        ("a = 1\n", "\n[t]\n"),
        ("a = 1", "\n\n[t]\n"),
        ("a = 1\n\n", "[t]\n"),
        ("a = 1\r\n", "\r\n[t]\r\n"),
    ],
)
def test_one_blank_line_stands_before_the_table(text, added):
    assert append(text, "[t]\n") == text + added


def test_the_values_to_begin_with_are_explained():
    assert entry_text("api", "http", ["stage"]) == (
        '[services.api]\nkind = "http"\nenvironments = ["stage"]\n'
        'port = 8000 # on which the container listens\nhealth_path = "/health" # which answers 200\n'
    )

"""The lines of keys: what a writer of TOML knows that it wrote, against what is found, and against tomllib."""

import contextlib
import json
import re
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.catalogue.key_lines import key_lines

KEYS = ["a", "b", "a-1", "1", "", "a b", "a.b", "é", "#", "=", "[x]", '"', "'", "\\", "two\nlines", "]", "{", '"""']
LEAVES = [
    "1", "0x1f", "1.5e3", "nan", "true", "1979-05-27 07:32:00Z", "07:32:00",
    '"text"', "'C:\\'", '"# ] } , = [t] \\" \\\\"', "''", '""',
    '"""\n[not.a.table]\nkey = 1 # "" \\"""\\\n"""', '"""quoted"""""', "'''\n[x]\ny = \"\n'''", "'''two'''''", '""""""',
]  # fmt: skip
GAPS = ["", " ", "\t", " \n", '# ] } "\n', "\n\n # '''\n"]

leaves = st.integers(0, len(LEAVES) - 1)
values = st.recursive(
    leaves, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(KEYS), each, max_size=3)
)
documents = st.dictionaries(st.sampled_from(KEYS), values, max_size=5)


class Writer:
    """Writes a document in any of TOML's styles, and notes the line of each key."""

    def __init__(self, choose):
        self.choose, self.text, self.lines = choose, "", {}

    def one_of(self, options):
        return self.choose(st.sampled_from(options))

    def note(self, path):
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def key(self, name):
        styles = [json.dumps(name, ensure_ascii=False)]
        styles += [f"'{name}'"] if not {"'", "\n"} & set(name) else []
        styles += [name] if re.fullmatch("[A-Za-z0-9_-]+", name) else []
        return self.one_of(styles)

    def dotted(self, names):
        return self.one_of([".", " . "]).join(map(self.key, names))

    def table(self, path, table):
        later = []
        for name, value in table.items():
            tables = isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
            if (tables or isinstance(value, dict)) and self.one_of([True, False]):
                later.append((name, value))
            else:
                self.pair(path, [name], value, end="\n")
        for name, value in later:
            self.headed((*path, name), value)

    def headed(self, path, value):
        names = [name for name in path if isinstance(name, str)]
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            for size in range(1, len(path) + 1):
                self.note(path[:size])
            place = (*path, index) if isinstance(value, list) else path
            self.lines[place] = self.text.count("\n") + 1
            header = f"[[{self.dotted(names)}]]" if isinstance(value, list) else f"[ {self.dotted(names)} ]"
            self.text += header + self.one_of(["\n", " # [c]\n", "\n\n"])
            self.table(place, each)

    def pair(self, path, names, value, end):
        if isinstance(value, dict) and value and self.one_of([True, False]):
            for name, each in value.items():
                self.pair(path, [*names, name], each, end)
            return
        for size in range(1, len(names) + 1):
            self.note((*path, *names[:size]))
        self.text += self.one_of(["", " "]) + self.dotted(names) + self.one_of(["=", " = "])
        self.value((*path, *names), value)
        self.text += end

    def value(self, path, value):
        if isinstance(value, dict):
            self.text += "{"
            for name, each in value.items():
                self.pair(path, [name], each, end=",")
            self.text = self.text.removesuffix(",") + "}"
        elif isinstance(value, list):
            self.text += "["
            for index, each in enumerate(value):
                self.text += self.one_of(GAPS)
                self.note((*path, index))
                self.value((*path, index), each)
                self.text += self.one_of(GAPS) + ","
            self.text += self.one_of(GAPS) + "]"
        else:
            self.text += LEAVES[value]


def paths(value, at=()):
    """Every path of a document that tomllib has read."""
    found = {at} - {()}
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found.union(*(paths(each, (*at, name)) for name, each in pairs))


@given(documents, st.data())
def test_each_key_of_each_style_is_found_where_it_was_written(document, data):
    writer = Writer(data.draw)
    writer.table((), document)
    found = key_lines(writer.text)
    assert found == writer.lines
    assert set(found) == paths(tomllib.loads(writer.text))


def test_a_table_is_where_its_header_is_also_after_its_children():
    assert key_lines("[a.b]\n[a]\nc = 1\n") == {("a",): 2, ("a", "b"): 1, ("a", "c"): 3}


def test_tables_in_arrays_of_tables_belong_to_the_last_one():
    lines = key_lines("[[a]]\n[a.b]\n[[a]]\n[a.b]\n[[a.c]]\n")
    assert lines["a", 0, "b"] == 2
    assert lines["a", 1, "b"] == 4
    assert lines["a", 1, "c", 0] == 5


def test_lines_that_end_as_on_windows_are_counted_once():
    assert key_lines("a = 1\r\nb = [\r\n 2,\r\n]\r\nc = 3\r\n") == {("a",): 1, ("b",): 2, ("b", 0): 3, ("c",): 5}


@given(st.text("[]{}=.,\"'#\\\n a1", max_size=30))
def test_what_is_not_toml_ends_too(text):
    with contextlib.suppress(ValueError):
        key_lines(text)

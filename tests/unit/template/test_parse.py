import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.template.parse import decode, parse
from roadworthy.template.problems import NotATemplate, UnreadableError


def read(data, file="t.yaml"):
    return parse(decode(data.encode() if isinstance(data, str) else data, file), file)[1]


def test_short_and_long_intrinsics_give_the_same_tree():
    short = "A: !Sub '${X}:latest'\nB: !GetAtt R.Arn\nC: !If [Q, !Ref X, !Ref AWS::NoValue]\nD: !Join ['', [a]]"
    assert read(short) == {
        "A": {"Fn::Sub": "${X}:latest"},
        "B": {"Fn::GetAtt": "R.Arn"},
        "C": {"Fn::If": ["Q", {"Ref": "X"}, {"Ref": "AWS::NoValue"}]},
        "D": {"Fn::Join": ["", ["a"]]},
    }


def test_keys_are_texts_as_in_json():
    assert read("111122223333: a\nyes: b\n1.5: c\nnull: d") == {
        "111122223333": "a",
        "yes": "b",
        "1.5": "c",
        "null": "d",
    }


def test_what_yaml_would_turn_into_dates_and_octals_stays_text():
    assert read("a: 2012-10-17\nb: 0123\nc: 8000\nd: 1:30") == {"a": "2012-10-17", "b": "0123", "c": 8000, "d": "1:30"}


def test_aliases_and_merge_keys_are_followed():
    assert read("a: &x {k: 1}\nb: *x\nc: {<<: *x, l: 2}")["c"] == {"k": 1, "l": 2}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_obstacle(encoding):
    assert read('{"Resources": {}}'.encode(encoding), "t.json") == {"Resources": {}}


def test_a_file_that_only_begins_as_json_may_be_yaml():
    assert read("{Resources: {A: !Ref B}}") == {"Resources": {"A": {"Ref": "B"}}}


BOMB = "a0: &a0 [x, x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))
UNREADABLE = {
    "malformed JSON": ('{"a": }', "t.json", "t.json:1:7: malformed JSON"),
    "malformed JSON with a dynamic reference": ('{"a": "{{resolve:ssm:/x}}", "b": }', "t.json", "malformed JSON"),
    "malformed YAML": ("a: [1", "t.yaml", "t.yaml:2:1: malformed YAML"),
    "unclosed quote": ("a: 'x", "t.yaml", "t.yaml:1:6: malformed YAML"),
    "alias bomb": (BOMB, "t.yaml", "aliases"),
    "alias of itself": ("a: &a [*a]", "t.yaml", "t.yaml:1:"),
    "deep JSON": ("[" * 100_000, "t.json", "nested too deeply"),
    "huge number": ('{"a": ' + "9" * 5000 + "}", "t.json", "malformed JSON"),
    "not UTF-8": (b"a: \xff\xfe\xff", "t.yaml", "not valid utf-8 at byte 3"),
    "wrong tag": ("a: !!bool x", "t.yaml", "malformed YAML"),
    "Python object": ("a: !!python/object:os.system x", "t.yaml", "t.yaml:1:4: malformed YAML"),
    "deep flow": ("[" * 100_000, "t.yaml", "nested too deeply"),
    "deep lists": ("- " * 50_000, "t.yaml", "nested too deeply"),
    "deep blocks": ("\n".join(" " * depth + "a:" for depth in range(3000)), "t.yaml", "nested too deeply"),
    "tab": ("a:\n\t- b", "t.yaml", "t.yaml:2:1: malformed YAML"),
    "a template and more": ("Resources: {}\n---\na: b", "t.yaml", "t.yaml:2:1: malformed YAML: but found another"),
    "unknown anchor": ("a: *nobody", "t.yaml", "t.yaml:1:4: malformed YAML"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_one_line_that_says_where(name):
    data, file, expected = UNREADABLE[name]
    with pytest.raises(UnreadableError, match=r"^[^\n]*$") as raised:
        read(data, file)
    assert expected in str(raised.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        (b"\x89PNG\0\0", "binary"),
        ("{% if x %}\nResources: {a: [}\n{% endif %}", "templated"),
        ("kind: A\n---\nkind: B\n", "several YAML documents"),
        ('{"family": {{ must_env `X` }}}', "templated"),
        ('{"cpu": ${CPU}}', "templated"),
        ("family: {{ .Values.family }}\ncpu: {{ cpu }}", "templated"),
    ],
)
def test_files_for_other_programs_are_no_templates(data, reason):
    with pytest.raises(NotATemplate, match=reason):
        read(data, "t.json" if data[:2] == '{"' else "t.yaml")


@given(
    st.text(alphabet=st.sampled_from("ab01 :-?!&*<>|'\"[]{},#%@=~.\n\t")), st.sampled_from(["t.yaml", "t.json", "t"])
)
def test_any_text_is_a_tree_or_a_reason(text, file):
    try:
        syntax, _ = parse(text, file)
    except (UnreadableError, NotATemplate) as error:
        assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert syntax in {"json", "yaml"}


@given(st.binary())
def test_any_bytes_are_a_text_or_a_reason(data):
    try:
        assert isinstance(decode(data, "t"), str)
    except (UnreadableError, NotATemplate) as error:
        assert str(error)  # noqa: PT017 - both outcomes are right


def test_json_does_not_pay_for_yaml(monkeypatch):
    monkeypatch.delitem(sys.modules, "yaml", raising=False)
    read(json.dumps({"Resources": {}, "Odd": [float("nan"), 1e400, -0.0]}), "t.json")
    assert "yaml" not in sys.modules

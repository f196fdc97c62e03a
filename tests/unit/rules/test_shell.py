import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.shell import lines_of_health_check, script, simple_commands

LINES = {
    "curl -f x || exit 1": [("", "curl -f x"), ("||", "exit 1")],
    "a 'b c' \"d\"": [("", "a b c d")],
    "a >/dev/null 2>&1 && b": [("", "a"), ("&&", "b")],
    "a || (b; c)": [("", "a"), ("||", ""), ("(", "b"), (";", "c"), (")", "")],
    "a\nb": [("", "a"), ("\n", "b")],
    "a \\\n b": [("", "a b")],
    "a # b": [("", "a # b")],
    "": [("", "")],
    "a 'b": [],
    "a" * 10_000: [],
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:20])
def test_a_line_is_split_into_simple_commands(line):
    assert [(each.joined_by, " ".join(each.words)) for each in simple_commands(line)] == LINES[line]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["sh", "-c", "x y"], "x y"),
        (["/bin/bash", "-e", "-lc", "x"], "x"),
        (["sh", "run.sh", "-c", "x"], None),
        (["sh", "-c"], None),
        (["python", "-c", "x"], None),
        ([], None),
    ],
)
def test_the_script_of_a_shell_is_found(words, expected):
    assert script(words) == expected


@pytest.mark.parametrize(
    "command", [["CMD-SHELL", "a; b"], ["CMD", "sh", "-c", "a; b"], ["CMD", "/bin/sh", "-ec", "a; b"]]
)
def test_every_form_of_a_health_check_gives_its_commands(command):
    assert [each.words for each in lines_of_health_check(command)] == [("a",), ("b",)]


@pytest.mark.parametrize("command", [[], ["NONE"], ["CMD"], ["CMD-SHELL"], ["CMD-SHELL", "a", "b"], ["a"]])
def test_another_form_gives_none(command):
    assert lines_of_health_check(command) == ()


@pytest.mark.parametrize(
    "line", ["a -b http://x/?c=1 || exit 1", "a 2>&1 >/x; b", "! a && (b | c) &", "a\tb\r\nc", "{ a; } $(b) `c` #d"]
)
def test_quotes_around_a_word_make_no_difference(line):
    assert simple_commands(line) == simple_commands(line.replace("a", "'a'"))


@given(st.text(alphabet="ab '\"\\$`(){}<>|&;\n\t#12", max_size=60))
def test_any_line_is_split_without_a_crash(line):
    assert all(isinstance(each.words, tuple) for each in simple_commands(line))

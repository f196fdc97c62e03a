import os

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.template import creation
from roadworthy.template.creation import created_at

OURS = os.path.join(os.path.dirname(os.path.dirname(creation.__file__)), "patterns", "http_service.py")
STACK = [
    "...aws-cdk-lib, jsii runtime, node internals...",
    "(no user code in 10 frames, use --stack-trace-limit to capture more)",
    f"__init__ ({OURS}:120)",
    "wrap (/venv/lib/python3.11/site-packages/typeguard/__init__.py:80)",
    "__init__ (/app/stacks/api.py:41)",
    "<module> (/app/app.py:12)",
]


def test_the_innermost_line_of_the_users_own_code_is_found():
    assert created_at(STACK) == "/app/stacks/api.py:41"


def test_a_file_below_the_working_directory_is_relative(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert created_at([f"__init__ ({tmp_path}/stacks/my api.py:41)"]) == "stacks/my api.py:41"


def test_an_app_in_another_language_or_without_traces_has_none():
    assert created_at(["new Shop (/app/lib/shop.ts:8:5)", *STACK[:2]]) is None
    assert created_at([]) is None


@given(st.lists(st.text() | st.none() | st.from_regex(creation._FRAME.compiled, fullmatch=True)))
def test_any_stack_gives_a_line_or_none(stack):
    found = created_at(stack)
    assert found is None or found.rpartition(":")[2].isdigit()

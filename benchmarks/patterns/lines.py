"""How long an app is: lines that hold code, and statements; neither blank lines, comments nor docstrings count.

A statement over five lines is one logical line. The apps are formatted alike, by the repository's ruff.
"""

import ast
import io
import tokenize
from typing import NamedTuple

_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


class Length(NamedTuple):
    """The length of a Python source."""

    code: int
    logical: int


def length(source: str) -> Length:
    """Count `source`.

    Raises:
        SyntaxError: it is no Python.
    """
    documented = _docstrings(source)
    code, logical = set[int](), 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.start[0] in documented:
            continue
        logical += token.type == tokenize.NEWLINE
        if token.type not in _LAYOUT:
            code |= set(range(token.start[0], token.end[0] + 1))
    return Length(len(code - documented), logical)


def _docstrings(source: str) -> set[int]:
    """The lines of all docstrings."""
    lines = set[int]()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            lines |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines

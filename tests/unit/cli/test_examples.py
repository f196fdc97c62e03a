"""The examples in the help of the verbs, as their own parsers take them."""

import shlex

import pytest

from roadworthy.cli.run import parser_of
from roadworthy.cli.verbs import VERBS


def examples(verb):
    """The words after "example:", and of the lines below it that go on with `roadworthy`."""
    told = parser_of(verb).format_help()
    after = told.partition("example: ")[2] or told.partition("examples: ")[2]
    lines = [line.strip() for line in after.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("roadworthy ")]


EXAMPLES = [(verb, words) for verb in VERBS for words in examples(verb)]


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_shows_an_example(verb):
    assert examples(verb)


@pytest.mark.parametrize(("verb", "words"), EXAMPLES, ids=[" ".join(words) for _, words in EXAMPLES])
def test_an_example_is_right(verb, words):
    assert words[0] == verb
    assert vars(parser_of(verb).parse_args(words[1:]))

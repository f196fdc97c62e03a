import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.arn import may_cover
from roadworthy.rules.facts.iam_policy import _covers
from roadworthy.rules.facts.managed_policies import ACTIONS
from roadworthy.template.values import HOLE, UNKNOWN, Text

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-a1B2c3"
ANY_SUFFIX = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-??????"


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        SECRET,
        ANY_SUFFIX,
        "arn:*:secretsmanager:*:*:secret:app/*",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*",
        "arn:aws:*",
        Text(("arn:aws:secretsmanager:", UNKNOWN, ":secret:x")),
        UNKNOWN,
    ],
)
def test_a_pattern_may_cover_what_it_matches_and_what_is_not_known(pattern):
    assert may_cover(pattern, SECRET)


@pytest.mark.parametrize(
    "pattern",
    [
        SECRET.removesuffix("-a1B2c3"),
        SECRET.replace("eu-west-1", "us-east-1"),
        SECRET + ":password::",
        "arn:aws:ssm:*:*:parameter/*",
        "arn:aws:secretsmanager:*:*:secret:other*",
        "arn:aws:secretsmanager:*:*:secret:app/db-?????",
        "arn:aws:s3:::bucket/*",
        "app/db",
    ],
)
def test_a_pattern_covers_nothing_else(pattern):
    assert not may_cover(pattern, SECRET)


def test_two_patterns_may_meet():
    assert may_cover("arn:aws:secretsmanager:*:*:secret:app/*", ANY_SUFFIX)
    assert not may_cover("arn:aws:secretsmanager:*:*:secret:web/*", ANY_SUFFIX)
    assert not may_cover("arn:aws:secretsmanager:*:*:secret:app/db", ANY_SUFFIX)


@given(st.text(alphabet=f"ab:*?{HOLE}/", max_size=20), st.text(alphabet=f"ab:*?{HOLE}/", max_size=20))
def test_everything_may_cover_itself_and_no_text_is_too_odd(one, other):
    assert may_cover(one, one)
    assert may_cover(one, other) in {True, False}


@pytest.mark.parametrize("pattern", ["ecr:*", "ecr:get*", "*", "ecr:getauthorizationtoke?", "e*:*token"])
def test_an_actions_wildcards_stand_for_any_text(pattern):
    assert _covers(pattern, "ecr:getauthorizationtoken")


def test_actions_are_compared_whole_and_in_lower_case():
    assert not _covers("ecr:get", "ecr:getauthorizationtoken")
    assert {action for actions in ACTIONS.values() for action in actions if action != action.lower()} == set()

"""Every catalogued mistake is caught by its rule, and nothing else is called an error."""

import pytest

from benchmarks.coverage.ours import outcome
from benchmarks.coverage.variants import BROKEN, TRAPS


@pytest.mark.parametrize("variant", BROKEN, ids=lambda variant: variant.id)
def test_a_broken_service_is_caught_by_the_rule_that_is_meant(variant, tmp_path):
    answer = outcome(variant, tmp_path)
    assert variant.rule in {finding.rule for finding in answer.findings}
    assert [f"{finding.rule}: {finding.message}" for finding in answer.unexpected] == []


@pytest.mark.parametrize("variant", TRAPS, ids=lambda variant: variant.id)
def test_of_what_is_right_nothing_is_said(variant, tmp_path):
    said = outcome(variant, tmp_path).unexpected
    assert [f"{finding.rule}: {finding.message}" for finding in said] == []

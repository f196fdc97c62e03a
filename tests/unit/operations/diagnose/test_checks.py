from roadworthy.operations.causes.exits import OF_LOG
from roadworthy.operations.causes.families import FAMILIES
from roadworthy.operations.diagnose.registry import all_checks
from roadworthy.operations.diagnose.stage import STAGES, Step


def test_the_checks_are_in_the_order_of_the_checklist():
    order = list(dict.fromkeys(check.step for check in all_checks()))
    assert order == list(Step)
    assert all_checks()[0].id == "deployments-in-progress"


def test_every_cause_that_ecs_can_tell_has_its_stage():
    kinds = {wording.kind for family in (*FAMILIES, *OF_LOG) for wording in family.wordings}
    assert kinds - STAGES.keys() == set()


def test_every_check_says_what_is_so_where_it_finds_nothing():
    facts = [check.fact for check in all_checks()]
    assert len(set(facts)) == len(facts)
    assert [fact for fact in facts if not fact or fact.endswith(".")] == []

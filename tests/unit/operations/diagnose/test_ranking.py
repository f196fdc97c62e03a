import pytest

from roadworthy.operations.diagnose.problem import ERROR, WARNING, Problem
from roadworthy.operations.diagnose.ranking import root_cause
from roadworthy.operations.diagnose.registry import all_checks
from roadworthy.operations.diagnose.verdict import Verdict

CHECKS = {check.id: check for check in all_checks()}


def verdict(check_id, severity=ERROR, *, seen=True, times=1, what="it is wrong"):
    problem = Problem("kind", what, "Mend it", severity, "AWS said so" if seen else "", times)
    return Verdict(CHECKS[check_id], (problem,))


CASES = [
    # what is wrong -> what explains it, and the others
    (["image-pulled", "targets-healthy", "deployments-in-progress"], "image-pulled"),
    (["targets-healthy", "deployments-in-progress", "last-deployment"], "targets-healthy"),
    (["application-started", "targets-healthy", "running-tasks"], "application-started"),
    (["task-placement", "image-pulled", "running-tasks"], "task-placement"),
    (["task-prepared", "application-started"], "task-prepared"),
    (["network-path", "application-healthy", "last-deployment"], "network-path"),
    (["definition-rules", "targets-healthy"], "definition-rules"),
    (["last-deployment", "running-tasks", "deployment-alarms"], "last-deployment"),
    (["running-tasks"], "running-tasks"),
]


@pytest.mark.parametrize(("wrong", "root"), CASES)
def test_the_earliest_stage_explains_the_later_ones(wrong, root):
    found = root_cause([verdict(check) for check in wrong])
    assert found.check.id == root
    assert found.explains == tuple(check for check in wrong if check != root)


def test_what_ecs_saw_goes_before_what_only_a_look_tells():
    found = root_cause([verdict("image-in-registry", seen=False), verdict("image-pulled")])
    assert (found.check.id, found.explains) == ("image-pulled", ("image-in-registry",))


def test_what_tasks_got_past_does_not_explain_why_they_failed_later():
    found = root_cause([verdict("image-in-registry", seen=False), verdict("application-started")])
    assert (found.check.id, found.explains) == ("application-started", ())


def test_what_only_a_look_tells_explains_a_deployment_whose_tasks_ecs_has_forgotten():
    found = root_cause([verdict("image-in-registry", seen=False), verdict("last-deployment")])
    assert (found.check.id, found.explains) == ("image-in-registry", ("last-deployment",))


def test_what_was_seen_more_often_goes_first():
    often, seldom = verdict("task-prepared", times=5, what="often"), verdict("task-prepared", what="seldom")
    assert root_cause([seldom, often]).problem.what == "often"


def test_a_warning_explains_nothing():
    assert root_cause([verdict("task-placement", WARNING)]) is None
    assert root_cause([verdict("task-placement", WARNING), verdict("targets-healthy")]).check.id == "targets-healthy"


def test_where_nothing_is_wrong_there_is_no_root():
    assert root_cause([Verdict(CHECKS["image-pulled"])]) is None

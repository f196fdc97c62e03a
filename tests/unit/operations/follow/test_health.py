"""What the numbers of tasks and targets say of a service."""

from roadworthy.operations.ecs.service import Service
from roadworthy.operations.follow.health import Health, judge
from roadworthy.operations.targets import TargetHealth


def verdict(**groups: str) -> tuple[Health, str]:
    """Of a service with two tasks, and their states in each group: public="healthy unhealthy"."""
    arns = [{"targetGroupArn": f"arn:aws:elasticloadbalancing:r:1:targetgroup/{name}/0"} for name in groups]
    service = Service.parse({"desiredCount": 2, "runningCount": 2, "loadBalancers": arns})
    targets = [
        TargetHealth(name, f"10.0.0.{number}", 80, state, "", "")
        for name, states in groups.items()
        for number, state in enumerate(states.split())
    ]
    found = judge(service, targets)
    return found.health, found.words


def test_a_service_whose_targets_all_answer_is_healthy():
    assert verdict(public="healthy healthy")[0] is Health.HEALTHY


def test_one_target_of_two_that_does_not_answer_is_not_certain():
    assert verdict(public="healthy unhealthy")[0] is Health.INCONCLUSIVE


def test_a_group_in_which_none_answers_makes_it_unhealthy_whatever_the_others_say():
    words = "2 of 2 tasks run, and no target is healthy in internal: 2 unhealthy"
    assert verdict(public="healthy healthy", internal="unhealthy unhealthy") == (Health.UNHEALTHY, words)


def test_what_drains_in_the_other_group_does_not_count():
    assert verdict(green="healthy healthy", blue="draining unused")[0] is Health.HEALTHY

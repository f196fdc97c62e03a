"""A thousand services: what they cost is in proportion to their number, and little."""

import time

import pytest

from roadworthy.testing import FakeEcs

SECONDS = 5.0  # of CPU, several times what it takes


def account(services):
    """A fake with so many services, and their names."""
    fake, names = FakeEcs(), [f"svc-{number:04}" for number in range(services)]
    for name in names:
        fake.add_service("shop", name, image="api:1")
    return fake, names


def describe_all(fake, names):
    ask = fake.backend.answer
    parts = [names[at : at + 10] for at in range(0, len(names), 10)]
    answers = [ask("ecs", "DescribeServices", {"cluster": "shop", "services": part}) for part in parts]
    return [service for answer in answers for service in answer["services"]]


def restart_all(fake, names):
    for name in names:
        asked = {"cluster": "shop", "service": name, "forceNewDeployment": True}
        fake.backend.answer("ecs", "UpdateService", asked)
    fake.clock.sleep(300)


@pytest.fixture(scope="module")
def thousand():
    return account(1000)


def cost(call, *given):
    begin = time.process_time()
    answer = call(*given)
    return answer, time.process_time() - begin


def test_a_thousand_services_are_described_in_no_time(thousand):
    services, seconds = cost(describe_all, *thousand)
    assert len(services) == 1000
    assert seconds < SECONDS


def test_a_thousand_services_are_restarted_in_no_time(thousand):
    _, seconds = cost(restart_all, *thousand)
    assert {one.history[-1].status for one in thousand[0].plane.services()} == {"SUCCESSFUL"}
    assert seconds < SECONDS


def test_a_day_in_which_nothing_happens_costs_nothing(thousand):
    _, seconds = cost(thousand[0].clock.sleep, 24 * 3600.0)
    assert seconds < SECONDS / 5


def test_a_service_costs_the_same_among_many():
    few, many = account(50), account(500)
    _, of_few = cost(restart_all, *few)
    _, of_many = cost(restart_all, *many)
    assert of_many < 10 * of_few * 4

"""A key of the user's: what encrypts with it may use it."""

import pytest
from aws_cdk import aws_kms as kms

from roadworthy.patterns import AlarmTopic, EncryptionKey, ServiceLogs, WorkerService
from tests.synth.patterns import findings, new_stack, options, synthesized

pytestmark = pytest.mark.synth


def sids(stack):
    """What the key's policy lets beside its account."""
    return [each["Sid"] for each in synthesized(stack).only("AWS::KMS::Key")["KeyPolicy"]["Statement"] if "Sid" in each]


def test_the_logs_of_services_may_use_the_key_once():
    stack = new_stack()
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    taken = options(stack, encryption_key=key)
    WorkerService(stack, "One", **taken)
    WorkerService(stack, "Two", **{**taken, "name": "other"})
    assert sids(stack) == ["LogGroupsOfThisAccount"]


def test_a_key_of_another_stack_takes_no_reference_to_the_service():
    shared = new_stack(id="Shared")
    key = kms.Key(shared, "Key", enable_key_rotation=True)
    stack = new_stack(shared.node.root, "Service")
    WorkerService(stack, "Service", **options(stack, encryption_key=key))
    assert findings(stack) == set()


def test_alarms_may_use_the_key_of_their_topic():
    stack = new_stack()
    AlarmTopic(stack, "Alarms", encryption_key=kms.Key(stack, "Key"))
    assert sids(stack) == ["AlarmsOfThisAccount"]


def test_a_key_of_ours_lets_both_already():
    stack = new_stack()
    key = EncryptionKey(stack, "Key", alias="shop")
    ServiceLogs(retention_days=30, encryption_key=key).group(stack, "Logs", "/ecs/api")
    AlarmTopic(stack, "Alarms", encryption_key=key)
    assert sids(stack) == ["LogGroupsOfThisAccount", "AlarmsOfThisAccount"]


def test_an_imported_key_is_left_as_it_is():
    stack = new_stack()
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/0123abcd")
    AlarmTopic(stack, "Alarms", encryption_key=key)
    assert "AWS::KMS::Key" not in {each["Type"] for each in synthesized(stack).resources.values()}

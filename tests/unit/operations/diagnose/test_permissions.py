from roadworthy.operations.aws import IAM_PREFIXES
from roadworthy.operations.permissions import VERBS
from roadworthy.testing import faults
from tests.unit.operations.diagnose.conftest import REGISTRY

# Which AWS answers without a permission.
FREE = {"sts:GetCallerIdentity"}
# For an image that is one manifest: its platform is in a layer, which is downloaded from S3.
SELDOM = {"ecr:GetDownloadUrlForLayer"}


def test_the_table_of_permissions_has_what_diagnose_asks_and_no_more(account, diagnosed):
    secrets = [
        {"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"},
        {"name": "B", "valueFrom": "/shop/db"},
    ]
    fake = account(alarms=["api-5xx"], container={"secrets": secrets})
    fake.deploy(faults.crash_loop())
    other = account(image=f"{REGISTRY}/api:gone")
    asked = len(fake.calls)
    for each in (fake, other):
        diagnosed(each)
    calls = {
        f"{IAM_PREFIXES.get(call.service, call.service)}:{call.operation}" for call in fake.calls[asked:] + other.calls
    }
    assert calls - FREE == {action for action, _ in VERBS["diagnose"]} - SELDOM

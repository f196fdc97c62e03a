import pytest

RULE = "acm-certificate-not-issued"
ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def reported(found):
    def check(arn, kind="AWS::ElasticLoadBalancingV2::Listener"):
        return found({"Https": {"Type": kind, "Properties": {"Certificates": [{"CertificateArn": arn}]}}})

    return check


@pytest.fixture
def answer(stub):
    def build(status):
        stub("acm").add_response("describe_certificate", {"Certificate": {"Status": status}}, {"CertificateArn": ARN})

    return build


def test_a_certificate_that_waits_for_its_validation_is_an_error(reported, client):
    arn = client("acm").request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    assert reported(arn) == [(RULE, "error", f"certificate `{arn}` has the status PENDING_VALIDATION")]


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        ("VALIDATION_TIMED_OUT", "error"),
        ("FAILED", "error"),
        ("REVOKED", "error"),
        ("EXPIRED", "warning"),
        ("INACTIVE", "warning"),
    ],
)
def test_the_status_is_named(reported, answer, status, severity):
    answer(status)
    assert reported(ARN) == [(RULE, severity, f"certificate `{ARN}` has the status {status}")]


@pytest.mark.parametrize("kind", ["Listener", "ListenerCertificate"])
def test_an_issued_certificate_is_right(reported, answer, kind):
    answer("ISSUED")
    assert reported(ARN, f"AWS::ElasticLoadBalancingV2::{kind}") == []


def test_a_certificate_that_does_not_exist_is_an_error(reported):
    assert reported(ARN) == [(RULE, "error", f"certificate `{ARN}` does not exist")]


@pytest.mark.parametrize(
    "arn",
    [
        {"Ref": "Certificate"},
        {"Fn::Sub": "arn:aws:acm:eu-west-1:123456789012:certificate/${Id}"},
        "arn:aws:iam::123456789012:server-certificate/old",
        "arn:aws:acm:REGION:ACCOUNT:certificate/ID",
        "<CERTIFICATE>",
        None,
    ],
)
def test_what_is_not_known_or_not_of_acm_is_not_asked_about(reported, deny, arn):
    deny("acm", "describe_certificate")
    assert reported(arn) == []


def test_another_account_that_does_not_tell_is_silent(reported, deny):
    deny("acm", "describe_certificate", "ResourceNotFoundException")
    assert reported(ARN.replace("123456789012", "999999999999")) == []


def test_a_lacking_permission_is_named(reported, deny):
    deny("acm", "describe_certificate")
    message = f"could not check `{RULE}`: the caller lacks acm:DescribeCertificate on {ARN}"
    assert reported(ARN) == [("online-check-skipped", "warning", message)]

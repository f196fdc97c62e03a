import pytest

from roadworthy.report.report import Report, ReportedFinding, Waived
from roadworthy.template.sources import Skipped


@pytest.fixture
def finding():
    def build(**changes):
        good = ReportedFinding(
            rule="latest-image-tag",
            severity="error",
            message="container `api` uses image `nginx` with no tag, which means `latest`",
            fix="Name the image by its commit-hash tag or its digest",
            file="t.yaml",
            line=7,
            column=18,
            resource="Task",
            path="Stack/Task/Resource",
            source="https://docs.aws.amazon.com/x",
            location="Properties.Image",
        )
        return good._replace(**changes)

    return build


@pytest.fixture
def report(finding):
    waived = Waived(finding(rule="other"), "a demo")
    raw = finding(severity="warning", resource=None, path=None, file="task.json", line=2)
    return Report([finding(), raw], ["t.yaml", "task.json"], [Skipped("package.json", "not a template")], [waived])


@pytest.fixture
def hostile(finding):
    """A report whose every text tries to break out of its format."""
    evil = "a|b`c\n\r\0\x1b[31m</x>]]>&\"'%0A::error::,:<script>[l](http://x)\ud800\ufffe\x85"
    place = {"message": evil, "fix": evil, "file": evil, "resource": evil, "path": evil}
    bad = finding(**place)
    return Report([bad, finding(**place, severity="warning")], [evil], [Skipped(evil, evil)], [Waived(bad, evil)])

"""Documents -> report."""

from collections.abc import Callable, Iterator, Sequence

from roadworthy.report.report import Report, ReportedFinding, Waived
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.rule import WARNING, Finding, Rule
from roadworthy.rules.engine.waivers import assembly_waiver, template_waiver
from roadworthy.template.creation import created_at
from roadworthy.template.document import Document
from roadworthy.template.model.container import Container
from roadworthy.template.model.model import Model
from roadworthy.template.model.service import LoadBalancedPort, Service
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.position import Positions
from roadworthy.template.sources import Sources

# A rule that fails is a bug of ours; it is reported under this id and the other rules go on.
INTERNAL = "internal-error"
INTERNAL_FIX = "Report it with the template at Roadworthy's issue tracker"

# What a rule can check besides resources, and where the model lists it.
SUBJECTS: dict[type, Callable[[Model], Sequence[object]]] = {
    Document: lambda model: model.documents,
    Model: lambda model: (model,),
    TaskDefinition: lambda model: model.task_definitions,
    Container: lambda model: model.containers,
    Service: lambda model: model.services,
    TargetGroup: lambda model: model.target_groups,
    LoadBalancedPort: lambda model: model.load_balanced_ports,
}


def run(sources: Sources, *, honour_assembly_waivers: bool = True, rules: Sequence[Rule] | None = None) -> Report:
    """Check what was read.

    Args:
        sources: the documents, and the files that were skipped.
        honour_assembly_waivers: False inside CDK, which applies its acknowledgements itself and reports them.
        rules: what to check; None: every rule.
    """
    writer = _Writer(honour_assembly_waivers)
    model = Model(sources.documents)
    wanted = all_rules() if rules is None else rules
    for rule in wanted if sources.documents else ():  # without a document nothing can be wrong, nor be told where
        for finding in _findings(rule, model, sources.documents):
            writer.add(rule, finding)
    files = [document.file for document in sources.documents]
    return Report(writer.findings, files, list(sources.skipped), writer.waived)


def _findings(rule: Rule, model: Model, documents: Sequence[Document]) -> Iterator[Finding]:
    for subject in subjects_of(rule, model):
        try:
            yield from rule.check(subject)
        except Exception as error:
            message = f"rule `{rule.id}` could not finish: {type(error).__name__}: {error}"
            yield Finding(documents[0].definition(), message, INTERNAL_FIX, WARNING)


def subjects_of(rule: Rule, model: Model) -> Sequence[object]:
    """All that a rule checks: every instance of its subject's class."""
    listed = SUBJECTS.get(rule.subject)
    return listed(model) if listed else model.all(rule.subject)


class _Writer:
    """Turns findings into what is reported: with file, line and column, each once."""

    def __init__(self, honour_assembly_waivers: bool) -> None:
        self.findings: list[ReportedFinding] = []
        self.waived: list[Waived] = []
        self._honour_assembly_waivers = honour_assembly_waivers
        self._seen: set[tuple[str, str, tuple[object, ...], str]] = set()
        self._positions: dict[Document, Positions] = {}

    def add(self, rule: Rule, finding: Finding) -> None:
        at = finding.at
        key = (rule.id, at.document.file, at.path, finding.message)
        if key in self._seen:
            return
        self._seen.add(key)
        reported = self._reported(rule, finding)
        reason = template_waiver(rule.id, at)
        if reason is None and self._honour_assembly_waivers:
            reason = assembly_waiver(rule.id, at)
        if reason is None:
            self.findings.append(reported)
        else:
            self.waived.append(Waived(reported, reason))

    def _reported(self, rule: Rule, finding: Finding) -> ReportedFinding:
        document, path, assumed = finding.at.document, finding.at.path, sorted(finding.assumed)
        if document not in self._positions:
            self._positions[document] = Positions(document)
        line, column = self._positions[document].of(path)
        because = f" (by the default of {', '.join(f'parameter `{name}`' for name in assumed)})" if assumed else ""
        resource = finding.at.resource
        return ReportedFinding(
            rule=rule.id if finding.fix is not INTERNAL_FIX else INTERNAL,
            severity=WARNING if assumed else finding.severity or rule.severity,
            message=finding.message + because,
            fix=finding.fix,
            file=document.file,
            line=line,
            column=column,
            resource=resource,
            path=document.construct_path(resource) if resource else None,
            source=rule.source,
            location=".".join(str(key) for key in path[2:]) if resource else None,
            created_at=created_at(document.creation_stacks.get(resource, ())) if resource else None,
        )

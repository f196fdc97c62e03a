"""Service Connect has a namespace: the service's own, or the default one of its cluster.

## Why is this bad?

ECS refuses the service: `Namespace is missing`.

Clusters of other stacks may have a default namespace; their services are left alone.

## Example

```yaml fails
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !ImportValue Task
      ServiceConnectConfiguration: {Enabled: true}
```

```yaml passes
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties: {ServiceConnectDefaults: {Namespace: internal}}
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !ImportValue Task
      ServiceConnectConfiguration: {Enabled: true}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import absent, jointly
from roadworthy.template.model.service import Service
from roadworthy.template.model.service_connect import service_connects


@rule(
    "service-connect-namespace",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services whose Service Connect has no namespace."""
    for each in service_connects(service):
        if not absent(each.node, "Namespace") or each.namespaces:
            continue
        for (cluster,) in jointly(service.clusters):
            if cluster.value.has_no_default_namespace:
                yield Finding(
                    at=each.node,
                    message=f"service `{service.name}` enables Service Connect without a namespace, "
                    f"and its cluster `{cluster.value.label}` has no default one",
                    fix="Set Namespace in the service's ServiceConnectConfiguration",
                    assumed=cluster.assumed,
                )

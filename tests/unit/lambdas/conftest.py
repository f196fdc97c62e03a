from tests.unit.lambdas.support.fixtures import dead_letters, dynamodb

__all__ = ["dead_letters", "dynamodb"]

"""What the tests of the Lambdas share: tables, events, and a recorder of DynamoDB calls."""

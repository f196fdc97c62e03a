"""What was deployed, by whom, and how it ended: kept in the DynamoDB table of `OperationsStack`."""

"""DynamoDB: tables with their items; conditions, updates and queries are really evaluated."""

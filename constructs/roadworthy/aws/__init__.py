"""What every caller of AWS shares: how a session is opened, and what a failed call means. It imports boto3 lazily."""

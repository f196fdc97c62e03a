"""Tells people of deployments and alarms, by e-mail and in Slack."""

"""Facts that rules read out of texts: image references and health-check commands."""

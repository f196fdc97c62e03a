"""Which tool notices which mistake: one right service, broken in every catalogued way."""

"""Who may send: credentials, tokens and their issuers, rate limits, signatures and nonces."""

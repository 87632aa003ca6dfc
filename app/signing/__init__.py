"""Documents for parties: intent, certificates, the PAdES engine, verification. Knows no contract."""

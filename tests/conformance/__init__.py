"""The public conformance suite of ADL against our receiver; see CONTRIBUTING.md."""

"""The log of accepted statements: written, followed, remembered and read back."""

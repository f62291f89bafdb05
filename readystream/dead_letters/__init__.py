"""What operators do with records that could not be processed: list, show, replay, drop."""

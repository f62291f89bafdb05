"""The data of attachments: checked, and kept apart from the statements."""

"""The statement resource: what becomes of a request to store statements or to read one."""

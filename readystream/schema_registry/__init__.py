"""Schemas and their ids at a registry server, where there is one."""

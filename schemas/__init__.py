"""The contracts of Readystream, pure: topics, Avro records, xAPI models, settings, errors, names.

Nothing here does I/O and nothing here imports another folder of the project.
"""

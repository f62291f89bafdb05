"""Apache Kafka from its published jars, on this machine's Java: one KRaft node."""

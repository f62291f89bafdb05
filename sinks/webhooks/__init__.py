"""Outgoing webhooks: what the topics say, signed and sent to receivers that have no Kafka."""

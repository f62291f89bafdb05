"""The backing services that tests run against: an address, a container, Apache Kafka, the embedded ones."""

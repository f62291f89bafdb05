"""What requests and bodies look like before anybody knows what they mean, and how a refusal is told."""

"""The HTTP server: routes, responses, the bounds of a connection, and what is published of them."""

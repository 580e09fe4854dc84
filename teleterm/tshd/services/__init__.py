"""What the daemon does: logic without gRPC's server, and the only users of the client library."""

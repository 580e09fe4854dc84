"""The edges of the daemon's services: unpack, one call of a service, pack."""

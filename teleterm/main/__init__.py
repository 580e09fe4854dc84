"""The app process: starts the others, owns config, state, links and notices, drives the daemon."""

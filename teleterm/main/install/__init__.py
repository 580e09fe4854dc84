"""Installed trees below the data folder: unpacking, choosing, keeping, removing."""

"""The config file: read with comments, checked key by key, changed in place, watched."""

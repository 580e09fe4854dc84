"""The same examples on each run, so that a failure is one's own; FUZZ_ANEW=1 makes others."""

import os

from hypothesis import settings

settings.register_profile(
    "same", derandomize="FUZZ_ANEW" not in os.environ, database=None, deadline=None
)
settings.load_profile("same")

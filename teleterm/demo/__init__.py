"""A small cluster on loopback that speaks Teleport's protocols: for a first look and for tests.

It shares no code with `teleterm.client`, so that each finds the other's mistakes.
"""

import os

# Database servers that run as users of their own are forked; gRPC would say on the terminal that it
# isn't prepared for that, though what is forked becomes another program at once. It asks for this
# when it is loaded.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

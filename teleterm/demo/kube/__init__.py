"""A stand-in for the API of a Kubernetes cluster, good enough for everyday `kubectl`."""

"""Local proxies to databases, Kubernetes clusters and applications.

Source: terminal_service.md 11.
"""

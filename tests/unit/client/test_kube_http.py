"""What a local proxy to Kubernetes says itself."""

import json

from teleterm.client import kube_http


def test_a_refusal_is_a_status_that_kubectl_shows() -> None:
    head, _, body = kube_http.status("Log in.").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 504 ")
    assert f"Content-Length: {len(body)}".encode() in head
    found = json.loads(body)
    assert (found["reason"], found["message"], found["code"]) == ("Timeout", "Log in.", 504)

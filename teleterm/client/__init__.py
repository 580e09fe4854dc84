"""Client of a Teleport cluster: profiles, login, auth API, SSH, local proxies."""

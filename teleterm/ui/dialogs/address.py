"""What is wrong with the address of a cluster while it is being typed."""


def problem_of(text: str) -> str:
    """A sentence on what can't be right, or nothing; main takes the address apart itself."""
    address = text.strip()
    if not address:
        return ""
    if address.startswith("tsh ") or "--proxy" in address:
        return "" if "--proxy" in address else "There is no --proxy=… in this command."
    scheme, separator, rest = address.partition("://")
    if separator:
        if scheme.lower() not in {"https", "http"}:
            return f"An address starts with https:// or with nothing, not with {scheme}://."
        address = rest.partition("/")[0]
    if any(character.isspace() for character in address):
        return "An address holds no spaces."
    _host, colon, port = address.rpartition(":")
    if colon and not address.endswith("]"):
        if not port and address.lower() in {"https:", "http:"}:
            return ""
        return _port_problem(port.partition("/")[0])
    return ""


def _port_problem(port: str) -> str:
    if not port:
        return "The port after the colon is missing."
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return "A port is a number from 1 to 65535."
    return ""

"""`tsh version`: this program's version and the proxy's."""

import platform
import sys

from teleterm import __version__
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain


def run(parsed: Parsed) -> int:
    """Print them; a proxy that doesn't answer is only mentioned."""
    proxy_version, proxy_address = "", ""
    if not parsed.is_on("client"):
        proxy_version, proxy_address = _ask_proxy(parsed)
    runtime = f"python{platform.python_version()}"
    if parsed.text("format") == "text":
        sys.stdout.write(f"Teleterm v{__version__} git: {runtime}\n")
        if proxy_version:
            sys.stdout.write(
                f"Proxy version: {plain.cell(proxy_version)}\nProxy: {plain.cell(proxy_address)}\n"
            )
        return 0
    from teleterm.tsh.render import document

    values = {"version": __version__, "gitref": "", "runtime": runtime}
    if proxy_version:
        values |= {"proxyVersion": proxy_version, "proxyPublicAddress": proxy_address}
    sys.stdout.write(document.dump(values, parsed.text("format")))
    return 0


def _ask_proxy(parsed: Parsed) -> tuple[str, str]:
    from teleterm.model.errors import TeletermError
    from teleterm.tsh import context as contexts

    context = contexts.start(parsed)
    try:
        profile = context.known_profile()
        if profile is None and not context.proxy:
            return "", ""
        info = contexts.wait(context.discover(profile))
    except TeletermError as error:
        sys.stderr.write(f"Failed to fetch proxy version: {plain.lines(error.message)}\n")
        return "", ""
    return info.server_version, info.web_addr

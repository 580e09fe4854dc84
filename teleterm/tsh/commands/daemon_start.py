"""`tsh daemon start`: the service behind the window."""

from teleterm.tsh.grammar import Parsed


def run(parsed: Parsed) -> int:
    """Serve until a signal or the end of standard input."""
    import os

    from teleterm.client.store import ProfileStore
    from teleterm.tshd.daemon import main
    from teleterm.tshd.options import DaemonOptions

    return main(
        DaemonOptions(
            addr=parsed.text("addr"),
            certs_dir=parsed.text("certs-dir"),
            prehog_addr=parsed.text("prehog-addr"),
            kubeconfigs_dir=parsed.text("kubeconfigs-dir"),
            agents_dir=parsed.text("agents-dir"),
            home=ProfileStore.default_home(os.environ),
            installation_id=parsed.text("installation-id"),
            hardware_key_agent=parsed.is_on("hardware-key-agent"),
            insecure=parsed.is_on("insecure"),
            debug=parsed.is_on("debug"),
            add_keys_to_agent=parsed.text("add-keys-to-agent"),
        )
    )

"""The commands about second factors and about letting other computers log in."""

from teleterm.tsh.flags import output_format, switch
from teleterm.tsh.grammar import Argument, Command, Flag, Kind

DEVICE_TYPES = ("TOTP", "WEBAUTHN")

LOGIN_COMMANDS = (
    Command(path=("mfa",), help="Devices for the second factor."),
    Command(
        path=("mfa", "ls"),
        help="List the devices.",
        module="mfa_ls",
        flags=(switch("verbose", "Also show their ids", "v"), output_format()),
    ),
    Command(
        path=("mfa", "add"),
        help="Add a device.",
        module="mfa_add",
        flags=(
            Flag(name="name", help="Name of the new device"),
            Flag(
                name="type",
                help=f"Kind of the new device ({', '.join(DEVICE_TYPES)})",
                choices=DEVICE_TYPES,
            ),
            Flag(
                name="allow-passwordless",
                help="Let the new security key log in without password",
                kind=Kind.SWITCH,
            ),
        ),
    ),
    Command(
        path=("mfa", "rm"),
        help="Remove a device.",
        module="mfa_rm",
        arguments=(Argument(name="name", help="Name of the device", required=True),),
    ),
    Command(path=("headless",), help="Logins of computers that can't log in themselves."),
    Command(
        path=("headless", "approve"),
        help="Let a computer in that shows this request.",
        module="headless_approve",
        arguments=(Argument(name="request id", help="Id that the computer shows"),),
        flags=(
            Flag(
                name="skip-confirm",
                help="Ask for the second factor at once",
                kind=Kind.SWITCH,
                env=("TELEPORT_HEADLESS_SKIP_CONFIRM",),
            ),
        ),
    ),
)

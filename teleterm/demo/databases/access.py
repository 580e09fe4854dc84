"""Who may come to which database of the demo."""

from dataclasses import dataclass

from cryptography import x509

from teleterm.demo.databases.process import DatabaseServer
from teleterm.demo.identity import Identity, identity_of
from teleterm.demo.inventory import DemoDatabase, DemoMember, lacks_factor, may_enter
from teleterm.demo.streams import SocketStream
from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable

DENIED = "access to db denied. User does not have permissions. Confirm database user and name."


def read_identity(certificate: bytes | None) -> Identity | None:
    """Give who a certificate (DER) speaks for; None without one."""
    if certificate is None:
        return None
    return identity_of(x509.load_der_x509_certificate(certificate))


def database_protocol(certificate: bytes) -> str:
    """Give the protocol of the database a certificate (DER) is for; empty for any other."""
    identity = read_identity(certificate)
    if identity is None or not identity.database.service:
        return ""
    return identity.database.protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorkeeper:
    """Knows the databases of one kind, and the server behind those that run."""

    cluster: DemoMember
    server: DatabaseServer | None
    what: str

    def admit(self, identity: Identity | None, *, user: str, name: str | None) -> DemoDatabase:
        """Give the database a certificate is for.

        `user` is the database user asked for; `name` the database, None where names aren't checked.
        Raises: Refused.
        """
        if identity is None or not identity.database.service:
            raise Refused("a client certificate for a database is needed", code=ErrorCode.DENIED)
        if lacks_factor(identity):
            raise Refused("access to resource requires MFA", code=ErrorCode.DENIED)
        route = identity.database
        found = self.cluster.databases_named(route.service)
        if not found:
            raise Refused(f'database "{route.service}" not found', code=ErrorCode.NOT_FOUND)
        allowed = user in identity.database_users and may_enter(found[0], identity.roles)
        if not allowed or (name is not None and name not in identity.database_names):
            raise Refused(DENIED, code=ErrorCode.DENIED)
        return found[0]

    async def connect(self, database: DemoDatabase) -> SocketStream:
        """Open a connection to the server behind a database.

        Raises: Unreachable with a message that says why not.
        """
        reason = database.why_offline or f"{self.what} is not running there"
        if not database.why_offline and self.server is not None:
            try:
                return await self.server.connect()
            except OSError:
                pass
            except TeletermError as error:
                reason = error.message
        raise Unreachable(f'can\'t reach database "{database.name}": {reason}')

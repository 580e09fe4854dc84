"""Keys and certificates below `~/.tsh/keys`, laid out as the official program does.

Source: cluster-login.md 6.1, 6.4, 8.5; modes as in verified.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from teleterm.client.key_files import (
    PRIVATE,
    ended,
    file_name,
    locked,
    make_folder,
    read,
    read_settled,
    rewrite,
)
from teleterm.client.shredding import remove_file, remove_folder
from teleterm.model.errors import ErrorCode, PeerBroke, Refused
from teleterm.model.secret import Secret
from teleterm.osutil import atomic
from teleterm.wire import x509
from teleterm.wire.known_hosts import AuthorityLine, decode, encode, is_superseded

_PUBLIC = 0o640
_KEY_LOCK_S = 0.2
_HOSTS_LOCK_S = 5.0
_KEPT_BY_LOGOUT = ("config", "azure", "bin")


class ResourceFolder(StrEnum):
    """The folders that hold certificates for one resource each."""

    DATABASE = "db"
    APP = "app"
    KUBE = "kube"
    DESKTOP = "windowsdesktop"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """A user's keys and certificates; `ssh_certificates` are lines, by cluster."""

    ssh_private: Secret[bytes]
    ssh_public: str
    tls_private: Secret[bytes]
    tls_certificate: bytes
    ssh_certificates: Mapping[str, str] = field(default_factory=dict)

    def ssh_certificate(self, *clusters: str) -> str:
        """The certificate of the first of these that has one; any rather than none."""
        found = (self.ssh_certificates.get(name) for name in clusters)
        chosen = next((line for line in found if line), "")
        return chosen or next(iter(self.ssh_certificates.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedCluster:
    """What signs the host certificates of a cluster: PEM certificates and SSH key lines."""

    name: str
    tls_pems: tuple[bytes, ...] = ()
    ssh_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFiles:
    """Where a resource's certificate and key lie (the same file for Kubernetes)."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPaths:
    """Where a user's keys lie, for other programs' settings."""

    folder: Path
    user: str
    known_hosts: Path

    @property
    def key(self) -> Path:
        """The private SSH key."""
        return self.folder / self.user

    @property
    def ssh_public(self) -> Path:
        """The public SSH key."""
        return self.folder / f"{self.user}.pub"

    @property
    def tls_key(self) -> Path:
        """The private TLS key."""
        return self.folder / f"{self.user}.key"

    @property
    def tls_certificate(self) -> Path:
        """The TLS certificate."""
        return self.folder / f"{self.user}.crt"

    @property
    def cas(self) -> Path:
        """The folder with an authority file for each cluster."""
        return self.folder / "cas"

    @property
    def certs_pem(self) -> Path:
        """All authorities in one file."""
        return self.folder / "certs.pem"

    def ssh_certificate(self, cluster: str) -> Path:
        """The SSH certificate for a cluster."""
        return self.folder / f"{self.user}-ssh" / f"{cluster}-cert.pub"

    def resources(self, kind: ResourceFolder, cluster: str) -> Path:
        """The folder of certificates for one kind of resource."""
        return self.folder / f"{self.user}-{kind}" / cluster


class KeyStore:
    """Reads and writes the keys of every profile below one home folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def paths(self, proxy_host: str, user: str) -> KeyPaths:
        """Where the keys of a user lie.

        Raises: BadInput when a name can't be a file name.
        """
        folder = self._home / "keys" / file_name(proxy_host)
        return KeyPaths(folder=folder, user=file_name(user), known_hosts=self._home / "known_hosts")

    def key_ring(self, proxy_host: str, user: str) -> KeyRing:
        """A user's keys and certificates.

        Raises: Refused (NEEDS_LOGIN) when there are none.
        """
        paths = self.paths(proxy_host, user)
        certificate, tls_key = read_settled(paths.tls_certificate), read_settled(paths.tls_key)
        key, public = read_settled(paths.key), read_settled(paths.ssh_public)
        if not (certificate and tls_key and key and public):
            raise _not_logged_in(proxy_host)
        return KeyRing(
            ssh_private=Secret(key),
            ssh_public=public.decode("utf-8", "replace"),
            tls_private=Secret(tls_key),
            tls_certificate=certificate,
            ssh_certificates=dict(self._ssh_certificates(paths)),
        )

    def tls_pair(self, proxy_host: str, user: str) -> tuple[Secret[bytes], bytes]:
        """Only the TLS key and certificate.

        Raises: Refused (NEEDS_LOGIN) when there are none.
        """
        paths = self.paths(proxy_host, user)
        certificate, key = read_settled(paths.tls_certificate), read_settled(paths.tls_key)
        if not (certificate and key):
            raise _not_logged_in(proxy_host)
        return Secret(key), certificate

    def ssh_certificate(self, proxy_host: str, user: str, cluster: str) -> str:
        """The line of the SSH certificate for a cluster; empty when there is none."""
        path = self.paths(proxy_host, user).ssh_certificate(file_name(cluster))
        return read(path).decode("utf-8", "replace")

    def write_key_ring(self, proxy_host: str, user: str, ring: KeyRing) -> None:
        """Write what a login gave. Keys of an earlier login, if different, go with all they had.

        Raises: OSError. Blocks: at most 0.2 s for another program that writes the same keys.
        """
        paths = self.paths(proxy_host, user)
        make_folder(paths.folder)
        old = read(paths.tls_key)
        if old and old != ring.tls_private.reveal():
            self.delete_user(proxy_host, user)
        with locked(paths.tls_key, _KEY_LOCK_S):
            atomic.write(paths.tls_key, ring.tls_private.reveal(), mode=PRIVATE)
            atomic.write(paths.tls_certificate, ring.tls_certificate, mode=PRIVATE)
            atomic.write(paths.key, ring.ssh_private.reveal(), mode=PRIVATE)
            atomic.write(paths.ssh_public, ring.ssh_public.encode(), mode=PRIVATE)
        for cluster, line in ring.ssh_certificates.items():
            self.write_ssh_certificate(proxy_host, user, cluster, line)

    def write_tls_certificate(self, proxy_host: str, user: str, certificate: bytes) -> None:
        """Replace the TLS certificate by one for the same key."""
        paths = self.paths(proxy_host, user)
        with locked(paths.tls_key, _KEY_LOCK_S):
            atomic.write(paths.tls_certificate, certificate, mode=PRIVATE)

    def write_ssh_certificate(self, proxy_host: str, user: str, cluster: str, line: str) -> None:
        """Write the SSH certificate for a cluster."""
        path = self.paths(proxy_host, user).ssh_certificate(file_name(cluster))
        make_folder(path.parent)
        atomic.write(path, line.encode(), mode=PRIVATE)

    def write_authorities(self, proxy_host: str, clusters: list[TrustedCluster]) -> None:
        """Write the authorities of clusters: `cas/`, `certs.pem` and `known_hosts`."""
        folder = self._home / "keys" / file_name(proxy_host)
        make_folder(folder / "cas")
        for cluster in clusters:
            if cluster.tls_pems:
                path = folder / "cas" / f"{file_name(cluster.name)}.pem"
                atomic.write(path, b"".join(ended(pem) for pem in cluster.tls_pems), mode=_PUBLIC)
        everything = [ended(pem) + b"\n" for cluster in clusters for pem in cluster.tls_pems]
        atomic.write(folder / "certs.pem", b"".join(everything), mode=_PUBLIC)
        self._write_known_hosts(
            [
                AuthorityLine(proxy_host=proxy_host, cluster=cluster.name, key=key)
                for cluster in clusters
                for key in cluster.ssh_keys
            ]
        )

    def authorities(self, proxy_host: str) -> list[TrustedCluster]:
        """The authorities of all clusters known through a proxy."""
        folder = self._home / "keys" / file_name(proxy_host) / "cas"
        keys: dict[str, list[str]] = {}
        for text in read(self._home / "known_hosts").decode("utf-8", "replace").splitlines():
            line = decode(text)
            if line is not None and line.proxy_host in {"", proxy_host}:
                keys.setdefault(line.cluster, []).append(line.key)
        names = {path.stem: path for path in sorted(folder.glob("*.pem"))}
        return [
            TrustedCluster(
                name=name,
                tls_pems=_pems(read(names[name])) if name in names else (),
                ssh_keys=tuple(keys.get(name, ())),
            )
            for name in sorted(names.keys() | keys.keys())
        ]

    def resource_files(
        self, kind: ResourceFolder, proxy_host: str, user: str, cluster: str, name: str
    ) -> ResourceFiles:
        """Where the certificate and key of a resource lie, there or not."""
        folder = self.paths(proxy_host, user).resources(kind, file_name(cluster))
        if kind is ResourceFolder.KUBE:
            path = folder / f"{file_name(name)}.cred"
            return ResourceFiles(certificate=path, key=path)
        return ResourceFiles(
            certificate=folder / f"{file_name(name)}.crt", key=folder / f"{file_name(name)}.key"
        )

    def write_resource(
        self, files: ResourceFiles, certificate: bytes, key: Secret[bytes], *, joined: bool = False
    ) -> None:
        """Write a resource's certificate and key; `joined` adds the key to the certificate file."""
        make_folder(files.key.parent)
        if files.certificate == files.key:
            both = ended(key.reveal()) + b"\n" + ended(certificate)
            atomic.write(files.key, both, mode=PRIVATE)
            return
        with locked(files.key, _KEY_LOCK_S):
            atomic.write(files.key, key.reveal(), mode=PRIVATE)
            text = certificate + (key.reveal() if joined else b"")
            atomic.write(files.certificate, text, mode=PRIVATE)

    def resource_pair(self, files: ResourceFiles) -> tuple[Secret[bytes], bytes] | None:
        """Key and certificate of a resource; None when they aren't there."""
        if files.certificate == files.key:
            key, gap, certificate = read(files.key).partition(b"\n\n")
            return (Secret(key + b"\n"), certificate) if gap else None
        key, certificate = read(files.key), read(files.certificate)
        return (Secret(key), certificate) if key and certificate else None

    def resources(
        self, kind: ResourceFolder, proxy_host: str, user: str
    ) -> list[tuple[str, str, x509.Certificate]]:
        """Cluster, name and certificate of every resource logged in to, but for damaged ones."""
        base = self.paths(proxy_host, user).folder / f"{file_name(user)}-{kind}"
        suffix = ".cred" if kind is ResourceFolder.KUBE else ".crt"
        found: list[tuple[str, str, x509.Certificate]] = []
        for path in sorted(base.glob(f"*/*{suffix}")):
            try:
                found.append((path.parent.name, path.stem, x509.parse_pem(read(path))))
            except PeerBroke:
                continue
        return found

    def delete_resource(self, files: ResourceFiles) -> bool:
        """Remove a resource's certificate and key; False when there were none."""
        present = files.certificate.exists() or files.key.exists()
        remove_file(files.certificate)
        remove_file(files.key)
        return present

    def delete_resources(
        self, kind: ResourceFolder, proxy_host: str, user: str, cluster: str
    ) -> None:
        """Remove the certificates and keys of all resources of a kind in a cluster."""
        remove_folder(self.paths(proxy_host, user).resources(kind, file_name(cluster)))

    def delete_issued(self, proxy_host: str, user: str) -> None:
        """Remove all certificates but the login's TLS one: the login's rights have changed."""
        paths = self.paths(proxy_host, user)
        for kind in ("ssh", *ResourceFolder):
            remove_folder(paths.folder / f"{paths.user}-{kind}")

    def delete_user(self, proxy_host: str, user: str) -> bool:
        """Remove all keys and certificates of a user; authorities and profile stay.

        Gives: False when there were none.
        """
        paths = self.paths(proxy_host, user)
        files = [paths.key, paths.tls_key, paths.ssh_public, paths.tls_certificate]
        files.append(paths.folder / f"{paths.user}.ppk")
        present = any(read(path) for path in files)
        for path in [*files, paths.folder / "kube_credentials.lock"]:
            remove_file(path)
        for kind in ("ssh", *ResourceFolder):
            remove_folder(paths.folder / f"{paths.user}-{kind}")
        return present

    def delete_all(self) -> None:
        """Empty the home folder, but for settings that are no login."""
        if not self._home.is_dir():
            return
        for path in self._home.iterdir():
            if path.is_dir() and not path.is_symlink():
                if path.name not in _KEPT_BY_LOGOUT:
                    remove_folder(path)
            elif not path.name.startswith("id_vnet"):
                remove_file(path)

    def _ssh_certificates(self, paths: KeyPaths) -> Iterator[tuple[str, str]]:
        suffix = "-cert.pub"
        for path in sorted((paths.folder / f"{paths.user}-ssh").glob(f"*{suffix}")):
            yield path.name.removesuffix(suffix), read(path).decode("utf-8", "replace")

    def _write_known_hosts(self, lines: list[AuthorityLine]) -> None:
        path = self._home / "known_hosts"
        with locked(path, _HOSTS_LOCK_S):
            before = read(path).decode("utf-8", "replace").splitlines()
            texts = [text for text in before if text and not is_superseded(text, lines)]
            texts += [encode(line) for line in lines]
            unique = list(dict.fromkeys(texts))
            if unique != before:
                rewrite(path, "".join(f"{text}\n" for text in unique).encode())


def expiry(pair: tuple[Secret[bytes], bytes] | None) -> datetime | None:
    """When the certificate of a pair ends; None when there is none that can be read."""
    if pair is None:
        return None
    try:
        return x509.parse_pem(pair[1]).not_after
    except PeerBroke:
        return None


def _pems(text: bytes) -> tuple[bytes, ...]:
    return tuple(x509.pem(label, der) for label, der in x509.pem_blocks(text))


def _not_logged_in(proxy_host: str) -> Refused:
    return Refused(
        f"You are not logged in to {proxy_host}.",
        code=ErrorCode.NEEDS_LOGIN,
        hint=f"Log in: tsh login --proxy={proxy_host}",
    )

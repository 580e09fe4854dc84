"""Signed downloads: nothing is believed that the keys in this tree, or their heirs, didn't sign.

Source: The Update Framework 1.0; the client is tuf's ngclient.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from teleterm.main.update import releases
from teleterm.main.update.releases import Index, Release
from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable

CHECK_TOTAL_S = 60.0
"""All that a check may take; a server that drips is given up."""
DOWNLOAD_TOTAL_S = 3600.0
ANSWER_S = 20.0
NOT_FOUND = 404
CHUNK = 256 * 1024
Told = Callable[[int, int], object]
"""Hears how many bytes of how many have come; called in the thread that fetches."""


class Fetcher(FetcherInterface):
    """Reads from a web server (proxies and the system's trusted roots apply) or from a folder."""

    def __init__(self, total_s: float = CHECK_TOTAL_S) -> None:
        self.told: Callable[[int], object] = lambda _count: None
        self._ends_at = time.monotonic() + total_s

    def _fetch(self, url: str) -> Iterator[bytes]:
        count = 0
        for data in self._pieces(url):
            count += len(data)
            self.told(count)
            yield data

    def _pieces(self, url: str) -> Iterator[bytes]:
        parts = urlsplit(url)
        if parts.scheme == "file":
            return self._from_folder(Path(unquote(parts.path)))
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise DownloadError("updates come over https, or from a folder")
        return self._from_server(url)

    def _from_folder(self, path: Path) -> Iterator[bytes]:
        try:
            with path.open("rb") as file:
                while data := file.read(CHUNK):
                    yield data
        except FileNotFoundError:
            raise DownloadHTTPError("there is no such file", NOT_FOUND) from None
        except OSError as error:
            raise DownloadError(str(error)) from None

    def _from_server(self, url: str) -> Iterator[bytes]:
        """What a server sends, as it comes: the clock is looked at after each piece."""
        import ssl

        import truststore

        trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            with httpx.Client(verify=trust, timeout=ANSWER_S, follow_redirects=True) as client:
                with client.stream("GET", url) as answer:
                    answer.raise_for_status()
                    for data in answer.iter_bytes():
                        self._check_time()
                        yield data
        except httpx.HTTPStatusError as error:
            raise DownloadHTTPError(str(error), error.response.status_code) from None
        except httpx.HTTPError as error:
            raise DownloadError(str(error)) from None

    def _check_time(self) -> None:
        if time.monotonic() > self._ends_at:
            raise DownloadError("the server is too slow")


class Repository:
    """A place with signed releases."""

    def __init__(self, base_url: str, root: bytes, folder: Path, *, total_s: float) -> None:
        """`root`: the trusted keys this tree came with; `folder`: where metadata is kept."""
        base = base_url.rstrip("/") + "/"
        for name in ("metadata", "dl"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._downloads = folder / "dl"
        self._fetcher = Fetcher(total_s)
        with _in_words():
            self._updater = Updater(
                metadata_dir=str(folder / "metadata"),
                metadata_base_url=f"{base}metadata/",
                target_dir=str(folder / "dl"),
                target_base_url=f"{base}targets/",
                fetcher=self._fetcher,
                config=UpdaterConfig(targets_max_length=releases.MAX_BYTES),
                bootstrap=root,
            )

    def index(self) -> Index:
        """The list of releases, checked against the keys.

        Blocks:  as long as the fetcher may take.
        Raises: Unreachable when the place can't be reached; Refused when what it says isn't signed,
                is older than what was seen before, or has expired.
        """
        with _in_words():
            self._updater.refresh()
            return releases.parse(self._get(releases.PATH).read_bytes())

    def fetch(self, release: Release, told: Told | None = None) -> Path:
        """The archive of a release, from an earlier download if it is whole.

        Raises: as `index`.
        """
        with _in_words():
            return self._get(release.path, told)

    def clear(self) -> None:
        """Remove the downloads: what is installed needs them no more."""
        shutil.rmtree(self._downloads, ignore_errors=True)

    def _get(self, path: str, told: Told | None = None) -> Path:
        info = self._updater.get_targetinfo(path)
        if info is None:
            raise Refused(
                f'The place of the updates has no signed "{path}".', code=ErrorCode.NOT_FOUND
            )
        if told is not None:
            self._fetcher.told = lambda count: told(count, info.length)
        kept = self._updater.find_cached_target(info)
        return Path(kept or self._updater.download_target(info))


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Turn what tuf raises into our own errors."""
    try:
        yield
    except TeletermError:
        raise
    except RepositoryError as error:
        raise Refused(_why(error), details=str(error)) from error
    except OSError as error:
        raise Refused(
            f"What an update needs can't be kept: {error.strerror or error}.",
            code=ErrorCode.LIMIT,
            details=str(error),
        ) from error
    except DownloadError as error:
        raise Unreachable(
            "The place of the updates could not be read.", details=str(error)
        ) from error


def _why(error: RepositoryError) -> str:
    match error:
        case ExpiredMetadataError():
            return "The signed list of updates has expired, so none is taken from it."
        case BadVersionNumberError():
            return "The place of the updates shows an older state than before; it isn't believed."
        case _:
            return "What the place of the updates shows isn't signed by the right keys."

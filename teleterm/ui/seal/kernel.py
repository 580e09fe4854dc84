"""The few system calls of Linux that Python has no words for, and what an error of theirs means."""

import os
import sys

PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38


class NoFence(Exception):
    """The kernel can't or won't put up a fence; the text says which and why."""


if sys.platform == "linux":
    import ctypes

    _libc = ctypes.CDLL(None, use_errno=True)
    _libc.syscall.restype = ctypes.c_long

    def call(number: int, *arguments: int | bytes) -> int:
        """Make a system call; bytes are handed over by their address.

        Raises: OSError with the kernel's number.
        """
        words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
        given: int = _libc.syscall(ctypes.c_long(number), *words)
        if given < 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))
        return given

    def forbid_new_privileges() -> None:
        """No program that this process starts may have more rights than it; never taken back."""
        if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise NoFence("the kernel refused no-new-privileges")

    def forbid_core_dumps() -> str:
        """No memory of this process on disk, nor open to another process of the same user.

        Raises: NoFence when the kernel refuses.
        """
        if _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0):
            raise NoFence("the kernel refused to forbid them")
        return "off"

    def address_of(data: bytes) -> int:
        """Where `data` lies in memory; keep a reference to it as long as the address is used."""
        return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0

    def font_folders() -> list[str]:
        """The folders that fontconfig reads fonts from, as this user's settings name them."""
        try:
            config = ctypes.CDLL("libfontconfig.so.1")
        except OSError:
            return []
        for name in ("FcConfigGetFontDirs", "FcStrListNext", "FcConfigGetCacheDirs"):
            getattr(config, name).restype = ctypes.c_void_p
        config.FcStrListNext.restype = ctypes.c_char_p
        return [
            place
            for ask in (config.FcConfigGetFontDirs, config.FcConfigGetCacheDirs)
            for place in _strings(config, ask(None))
        ]

    def _strings(config: ctypes.CDLL, listed: int | None) -> list[str]:
        """What a list of fontconfig holds; it is freed."""
        if not listed:
            return []
        found: list[str] = []
        while (text := config.FcStrListNext(ctypes.c_void_p(listed))) is not None:
            found.append(bytes(text).decode("utf-8", "surrogateescape"))
        config.FcStrListDone(ctypes.c_void_p(listed))
        return found

else:

    def forbid_core_dumps() -> str:
        """Say that this isn't done on this system."""
        raise NoFence(f"not on this system ({sys.platform})")

    def font_folders() -> list[str]:
        """No folders: nothing asks for them where there is no Landlock."""
        return []

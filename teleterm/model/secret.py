"""A value that never shows itself: passwords, codes, tokens."""

from typing import Generic, TypeVar, final

T = TypeVar("T")


@final
class Secret(Generic[T]):
    """Hold a value that repr, str and logs show as `***`; `reveal` is a call one can search for."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Give the value itself."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a Secret can't be serialised")

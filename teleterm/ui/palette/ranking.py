"""How well a row fits what was typed, and in which order rows stand (ux.md 8)."""

from msgspec import Struct

EXACT, PREFIX, WORD, INSIDE, SCATTERED = 100.0, 80.0, 60.0, 40.0, 20.0
OTHER_FIELD, LABEL_FIELD = 0.5, 0.4
OPEN_TAB, CURRENT_CLUSTER, PINNED, NEEDS_REQUEST, LOCKED = 25.0, 10.0, 10.0, -15.0, -20.0
MOST_USE, HALF_LIFE_S = 40.0, 7 * 24 * 3600.0
_BREAKS = "-_. @/:·()"


class Fit(Struct, frozen=True, kw_only=True):
    """What is compared with the words, and what else counts."""

    name: str
    others: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    used_at: float = 0
    is_open: bool = False
    is_current_cluster: bool = False
    is_pinned: bool = False
    needs_request: bool = False
    is_locked: bool = False


def word_score(word: str, text: str) -> float:
    """How well one word fits one text, 0 to 100; both in lower case."""
    if not word:
        return 0.0
    if word == text:
        return EXACT
    at = text.find(word)
    if at == 0:
        return PREFIX
    while at > 0:
        if text[at - 1] in _BREAKS:
            return WORD
        at = text.find(word, at + 1)
    if word in text:
        return INSIDE
    return SCATTERED if len(word) > 1 and _is_scattered(word, text) else 0.0


def _is_scattered(word: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in word)


def score(words: tuple[str, ...], fit: Fit, now: float) -> float:
    """The rank of a row, or -1 when a word hits nothing."""
    total = 0.0
    if words:
        name = fit.name.lower()
        others = [text.lower() for text in fit.others]
        labels = [text.lower() for text in fit.labels]
        for word in words:
            best = max(
                word_score(word, name),
                max((word_score(word, text) for text in others), default=0.0) * OTHER_FIELD,
                max((word_score(word, text) for text in labels), default=0.0) * LABEL_FIELD,
            )
            if best <= 0:
                return -1.0
            total += best
        total /= len(words)
    return total + _use(fit.used_at, now) + _standing(fit)


def _use(used_at: float, now: float) -> float:
    if not used_at:
        return 0.0
    age = max(0.0, now - used_at)
    return float(MOST_USE * 0.5 ** (age / HALF_LIFE_S))


def _standing(fit: Fit) -> float:
    return (
        (OPEN_TAB if fit.is_open else 0)
        + (CURRENT_CLUSTER if fit.is_current_cluster else 0)
        + (PINNED if fit.is_pinned else 0)
        + (NEEDS_REQUEST if fit.needs_request else 0)
        + (LOCKED if fit.is_locked else 0)
    )


def hits(words: tuple[str, ...], title: str) -> tuple[int, ...]:
    """Which letters of a title the words hit, to show them bold."""
    text = title.lower()
    found: set[int] = set()
    for word in words:
        at = text.find(word)
        if at >= 0:
            found.update(range(at, at + len(word)))
        elif _is_scattered(word, text):
            found.update(_scattered_at(word, text))
    return tuple(sorted(found))


def _scattered_at(word: str, text: str) -> list[int]:
    places, start = [], 0
    for letter in word:
        start = text.index(letter, start)
        places.append(start)
        start += 1
    return places

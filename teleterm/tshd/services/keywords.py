"""The words of a search box."""


def split(text: str) -> tuple[str, ...]:
    """Cut at spaces; what stands in double quotes stays together.

    Source: terminal_service.md 10.4, `search`.
    """
    words: list[str] = []
    word, is_quoted = "", False
    for char in text:
        if char == '"':
            is_quoted = not is_quoted
        elif char.isspace() and not is_quoted:
            words.append(word)
            word = ""
        else:
            word += char
    words.append(word)
    return tuple(word for word in words if word.strip())

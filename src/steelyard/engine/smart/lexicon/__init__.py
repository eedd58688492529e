"""The words that the check knows, a module a language. Lower-case, as regex alternatives."""


def words(text: str) -> frozenset[str]:
    """A set of words that is easy to read and to add to."""
    return frozenset(text.split())

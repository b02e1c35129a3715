"""Credentials in addresses: found, masked, taken out."""

import re
from collections.abc import Iterable

_SECRET_PARAMETERS = (
    r"token|access_token|private_token|password|passwd|secret|api_?key|key|sig|signature"
    r"|x-amz-signature|x-amz-credential|x-amz-security-token"
)
# The second form is a password with a raw slash in it, which people do write; digits and a
# slash after the colon are a port, and an @ after that is part of the path (repo.git@v1).
_USERINFO = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,40}://)"
    r"(?P<userinfo>[^\s/?#'\"`<>]{0,2000}|[^\s/?#@:]{0,200}+:(?!\d+[/?#])[^\s@'\"`<>]{0,200}+)@",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    rf"(?P<name>[?&;](?:{_SECRET_PARAMETERS})=)(?P<value>[^\s&#'\"`<>]+)", re.IGNORECASE
)
_HEADER = re.compile(
    r"(?P<name>\bauthorization:\s*(?:basic|bearer)?\s*)(?P<value>\S+)", re.IGNORECASE
)
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
MASK = "****"
SHORTEST_SECRET = 4
# Names that say how one logs in, not who: nothing secret in them.
_PUBLIC_USERS = frozenset({"git", "oauth2accesstoken", "vsssessiontoken", "aws", "__token__"})


def mask_credentials(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with every user name, password and token in addresses replaced by ``****``.

    The user name goes too: many services take the token as the user name. ``git@`` stays.
    ``secrets`` are further values to hide wherever they stand.
    """
    # Shorter ones are no secrets, and hiding every 1 would garble the text.
    long_enough = (secret for secret in secrets if len(secret) >= SHORTEST_SECRET)
    for secret in sorted(long_enough, key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _USERINFO.sub(_masked_userinfo, text)
    text = _PARAMETER.sub(lambda found: found["name"] + MASK, text)
    return _HEADER.sub(lambda found: found["name"] + MASK, text)


def without_credentials(url: str) -> str:
    """The address without user, password and query, for a digest that tells nothing of them."""
    plain = _USERINFO.sub(lambda found: found["scheme"], url)
    return re.sub(r"\S+", lambda word: _without_query(word[0]), plain)


def _without_query(word: str) -> str:
    address, question, _ = word.partition("?")
    return address if question and "://" in address else word


def has_credentials(text: str) -> bool:
    """Whether a secret stands in the text itself; one that comes from ``${NAME}`` does not."""
    if any(_is_secret(found["userinfo"]) for found in _USERINFO.finditer(text)):
        return True
    return bool(_PARAMETER.search(_VARIABLE.sub("", text)))


def _is_secret(userinfo: str) -> bool:
    user, colon, password = userinfo.partition(":")
    if colon:
        return bool(_VARIABLE.sub("", password))
    return bool(_VARIABLE.sub("", user)) and user.lower() not in _PUBLIC_USERS


def _masked_userinfo(found: re.Match[str]) -> str:
    if not found["userinfo"] or found["userinfo"].lower() == "git":
        return found[0]
    return f"{found['scheme']}{MASK}@"

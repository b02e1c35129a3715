"""Why a package couldn't be fetched, and the words for it. Addresses hold no credentials."""

import re

from buildpack.errors import Explanation
from buildpack.errors.install import Found, InstallError, Lines

_DEFAULT_INDEX = (
    "If another index is to be used: pack build --env PIP_INDEX_URL=https://HOST/simple"
)
_PROXY = (
    "If the way out is a proxy, set HTTP_PROXY and HTTPS_PROXY where pack runs: it passes them on."
)

_WITH_BINDINGS = 'pack build --volume "$HOME/bindings:/platform/bindings"'


def _netrc_binding(address: str) -> str:
    """The commands that give a build the credentials for an address's host."""
    place = re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d*$", "", place) or "HOST"
    return (
        "mkdir -p ~/bindings/hosts; echo netrc > ~/bindings/hosts/type\n"
        f"echo 'machine {host} login USER password TOKEN' > ~/bindings/hosts/.netrc\n"
        f"{_WITH_BINDINGS}"
    )


class IndexRefusedError(InstallError):
    """401 or 403."""

    def __init__(self, address: str, status: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "an index refuses access",
                f"{address} answered: {status}. It wants a user name and a password or token, or"
                " refuses those it was given.",
                lines,
                (
                    "Give them to the build in a binding, not in the app's folder:\n"
                    + _netrc_binding(address),
                    "Or name the index with them:\n"
                    "pack build --env PIP_INDEX_URL=https://USER:TOKEN@HOST/simple",
                    "If they were given, check that they haven't expired.",
                ),
            )
        )


class ProxyRefusedError(InstallError):
    """407."""

    def __init__(self, address: str, status: str) -> None:
        super().__init__(
            Explanation(
                "the proxy refuses access",
                f"On the way to {address} the proxy answered: {status}.",
                (),
                ("Set HTTP_PROXY and HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT for pack.",),
            )
        )


class IndexFailedError(InstallError):
    """5xx, 429 and other answers that aren't the user's fault."""

    def __init__(self, address: str, status: str) -> None:
        super().__init__(
            Explanation(
                "an index is out of order",
                f"{address} answered: {status}.",
                (),
                ("Build again in a while.", _DEFAULT_INDEX),
            )
        )


class NotThereError(InstallError):
    """404 for an address that a requirement or an option names."""

    def __init__(self, address: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "an address leads nowhere",
                f"There is nothing at {address}",
                lines,
                ("Check the address; open it in a browser.",),
            )
        )


class UntrustedError(InstallError):
    """A certificate that nobody known has signed, or that is for another host."""

    def __init__(self, address: str, reason: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a server's certificate isn't trusted",
                f"The connection to {address} was not made, because its certificate can't be"
                " trusted.",
                (*lines, reason),
                (
                    "If your company signs its certificates itself, give the build its authority's"
                    " certificate (PEM) in a binding:\n"
                    "mkdir -p ~/bindings/ca; echo ca-certificates > ~/bindings/ca/type\n"
                    f"cp CERTIFICATE.pem ~/bindings/ca/\n{_WITH_BINDINGS}",
                    "If the certificate is for another name than the address, mend the address.",
                ),
            )
        )


class UnknownHostError(InstallError):
    """DNS knows no such host."""

    def __init__(self, host: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a host can't be found",
                f"The name {host} has no address in the network that the build runs in.",
                lines,
                (
                    "Check the name, and that the network has a way out at all.",
                    _PROXY,
                    "If the name is known on your machine only: pack build --network host",
                ),
            )
        )


class NoConnectionError(InstallError):
    """Refused, reset, unreachable."""

    def __init__(self, address: str, reason: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a server can't be reached",
                f"There is no connection to {address}",
                (*lines, reason),
                (
                    "Check the address: the scheme (https or http), the port.",
                    _PROXY,
                    "If the server runs on your machine: pack build --network host",
                ),
            )
        )


class NoAnswerError(InstallError):
    """Too long without an answer."""

    def __init__(self, address: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a server doesn't answer",
                f"{address} gave no answer in time.",
                lines,
                (
                    "Build again, with more time if the server is slow:"
                    " pack build --env UV_HTTP_TIMEOUT=120",
                    "If it stays silent, check the address, and that no firewall is in the way.",
                    _PROXY,
                ),
            )
        )


class GitMissingError(InstallError):
    """A requirement from a repository, and no git."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a requirement needs git",
                "A requirement is a repository, and the build image hasn't got git.",
                lines,
                (
                    "Use a builder whose build image has git; Flaskpack's own has it.",
                    "Or name an archive of it: NAME @ https://HOST/…/VERSION.tar.gz",
                ),
            )
        )


class GitRefusedError(InstallError):
    """A repository that wants credentials."""

    def __init__(self, address: str, lines: Lines, words: Found) -> None:
        super().__init__(
            Explanation(
                "a repository refuses access",
                f"{address} wants a user name and a token or key, or doesn't exist.",
                (*lines, *words),
                (
                    "Give them to the build in a binding, not in the app's folder:\n"
                    + _netrc_binding(address),
                    "Or let the line take a token from a variable:\n"
                    "NAME @ git+https://${GIT_TOKEN}@HOST/OWNER/REPOSITORY.git\n"
                    "pack build --env GIT_TOKEN=…",
                    "A key for ssh can't be given to a build: write the address with https.",
                ),
            )
        )


class NoSuchRevisionError(InstallError):
    """A branch, tag or commit that isn't in the repository."""

    def __init__(self, address: str, revision: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a repository has no such version",
                f"{address} has no branch, tag or commit called {revision}.",
                lines,
                (f"Check what stands after the @ of the address: {revision}",),
            )
        )


class GitFailedError(InstallError):
    """git failed for another reason."""

    def __init__(self, address: str, lines: Lines, words: Found) -> None:
        super().__init__(
            Explanation(
                "a repository can't be fetched",
                f"git could not fetch {address}. It said:",
                (*lines, *words),
                ("Check the address, and that it can be reached from where the build runs.",),
            )
        )

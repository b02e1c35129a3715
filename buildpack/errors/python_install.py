"""Why a Python couldn't be fetched or doesn't run. Addresses hold no credentials.

``what`` is what was to be fetched: "Python 3.12.4", or "the list of Pythons".
``ways`` are the remedies that always hold: another place, or the run image's own Python.
"""

from buildpack.errors import Explanation, FlaskpackError

Lines = tuple[str, ...]


class PythonInstallError(FlaskpackError):
    """uv could not install the Python that the app is to have."""


class PythonHostUnknown(PythonInstallError):
    """DNS knows no such host."""

    def __init__(self, what: str, host: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be fetched: no such host",
                f"The name {host} has no address in the network that the build runs in.",
                (),
                ("Check that the build's network has a way out at all.", *ways),
            )
        )


class PythonHostUnreachable(PythonInstallError):
    """Refused, reset, timed out, or a proxy that doesn't answer."""

    def __init__(self, what: str, address: str, reason: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be fetched: no connection",
                f"There is no connection to {address}",
                (reason,),
                (
                    "If the way out is a proxy, set HTTP_PROXY and HTTPS_PROXY where pack runs: it "
                    "passes them on.",
                    *ways,
                ),
            )
        )


class PythonHostUntrusted(PythonInstallError):
    """A certificate that nobody known has signed."""

    def __init__(self, what: str, address: str, reason: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be fetched: the server's certificate isn't trusted",
                f"The connection to {address} was not made.",
                (reason,),
                (
                    "Give the certificate of the authority that signed it to the build, as a "
                    "binding of type ca-certificates.",
                    *ways,
                ),
            )
        )


class PythonRefused(PythonInstallError):
    """401, 403, 407."""

    def __init__(self, what: str, address: str, status: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be fetched: access is refused",
                f"{address} answered: {status}",
                (),
                (
                    "If it wants a user name and a token, write them into the address: "
                    "https://USER:TOKEN@HOST/…",
                    *ways,
                ),
            )
        )


class PythonNotThere(PythonInstallError):
    """404: a mirror that lacks this version, or a wrong address."""

    def __init__(self, what: str, address: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be fetched: there is no such file",
                f"There is nothing at {address}",
                (),
                (
                    "If UV_PYTHON_INSTALL_MIRROR or UV_PYTHON_DOWNLOADS_JSON_URL is set, check it: "
                    "a mirror has the folders of python-build-standalone's releases.",
                    *ways,
                ),
            )
        )


class PythonServerFailed(PythonInstallError):
    """5xx and other answers that aren't the user's fault."""

    def __init__(self, what: str, address: str, status: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be fetched: the server is out of order",
                f"{address} answered: {status}",
                (),
                ("Build again in a while.", *ways),
            )
        )


class PythonHashMismatch(PythonInstallError):
    """What came isn't what was published."""

    def __init__(self, what: str, expected: str, computed: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} isn't what it should be: its checksum is another",
                "The file that was fetched is not the one that uv, or the list of "
                "UV_PYTHON_DOWNLOADS_JSON_URL, knows. Nothing of it was kept.",
                (f"sha256 expected: {expected}", f"sha256 of the file: {computed}"),
                ("If a mirror served it, see to the file there.", *ways),
            )
        )


class PythonArchiveBroken(PythonInstallError):
    """Not an archive, or half of one."""

    def __init__(self, what: str, reason: str, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} can't be unpacked",
                "The file that was fetched is no whole archive of a Python.",
                (reason,),
                ("Build again: the download may have broken off.", *ways),
            )
        )


class BadPythonList(PythonInstallError):
    """UV_PYTHON_DOWNLOADS_JSON_URL leads to something else than uv's list."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            Explanation(
                "the list of Pythons can't be read",
                "What UV_PYTHON_DOWNLOADS_JSON_URL names is not a list of downloads in uv's form.",
                (reason,),
                ("See to the list: it has the form of uv's own download-metadata.json.",),
            )
        )


class PythonDiskFull(PythonInstallError):
    """No space left where the build writes."""

    def __init__(self, what: str, words: str) -> None:
        super().__init__(
            Explanation(
                "the disk is full",
                f"There was no room left for {what}.",
                (words,),
                (
                    "Free space where the builder keeps its containers and volumes: docker system"
                    " df shows what takes it.",
                ),
            )
        )


class PythonDoesNotRun(PythonInstallError):
    """It is there, and doesn't start in the build image, or says that it is another version."""

    def __init__(self, what: str, said: Lines, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} was installed and doesn't run",
                "uv's Pythons need a system with glibc 2.17 or newer, or with musl; one from a "
                "list of your own has to be what the list says.",
                said,
                ways,
            )
        )


class PythonInstallFailed(PythonInstallError):
    """None of the causes that we know: uv's own words, whole."""

    def __init__(self, what: str, words: Lines, ways: Lines) -> None:
        super().__init__(
            Explanation(
                f"{what} couldn't be installed",
                "uv, which installs it, said:",
                words,
                ("Build again, if the words speak of the network.", *ways),
            )
        )

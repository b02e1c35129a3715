"""Which Debian package brings what a build was missing.

By the names under which builds miss things: headers, ``…-config`` programs, pkg-config
modules, libraries to link with, programs. The names are those of bookworm and trixie.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """What was missing, by its own name.

    ``package`` is Debian's, ``instead`` a project to require in its place that needs no
    library; None where we know none.
    """

    name: str
    package: str | None
    instead: str | None = None

    @property
    def program(self) -> str | None:
        """The package, if it is a program's and not a library's: those end in -dev."""
        return None if self.package is None or self.package.endswith("-dev") else self.package


# Debian package -> names under which it is missed. A name that ends in / is a folder of headers.
_PACKAGES = {
    "libpq-dev": "libpq-fe.h pg_config postgres_fe.h pq",
    "default-libmysqlclient-dev": "mysql.h mysql_config mariadb_config mysqlclient mariadb",
    "libxml2-dev": "libxml/ xml2-config libxml2 xml2 libxml-2.0",
    "libxslt1-dev": "libxslt/ libexslt/ xslt-config libxslt xslt exslt",
    "libffi-dev": "ffi.h ffi libffi",
    "libssl-dev": "openssl/ ssl crypto libssl openssl",
    "libjpeg-dev": "jpeglib.h jpeg",
    "zlib1g-dev": "zlib.h z zlib",
    "python3-dev": "Python.h pyconfig.h",
    "libfreetype-dev": "ft2build.h freetype/ freetype-config freetype2 freetype",
    "libpng-dev": "png.h png libpng",
    "libtiff-dev": "tiff.h tiffio.h tiff",
    "libwebp-dev": "webp/ webp",
    "liblcms2-dev": "lcms2.h lcms2",
    "libsqlite3-dev": "sqlite3.h sqlite3",
    "libbz2-dev": "bzlib.h bz2",
    "liblzma-dev": "lzma.h lzma",
    "libreadline-dev": "readline/ readline",
    "libcurl4-openssl-dev": "curl/ curl-config libcurl curl",
    "libldap-dev": "ldap.h lber.h ldap lber ldap_r",
    "libsasl2-dev": "sasl/ sasl.h sasl2",
    "libkrb5-dev": "gssapi/ gssapi.h krb5.h krb5-config krb5 gssapi_krb5 krb5-gssapi",
    "libxmlsec1-dev": "xmlsec/ xmlsec1-config xmlsec1 xmlsec1-openssl",
    "unixodbc-dev": "sql.h sqlext.h odbc",
    "libgmp-dev": "gmp.h gmp",
    "libmpfr-dev": "mpfr.h mpfr",
    "libmpc-dev": "mpc.h mpc",
    "libyaml-dev": "yaml.h yaml",
    "libzmq3-dev": "zmq.h zmq libzmq",
    "librdkafka-dev": "librdkafka/ rdkafka.h rdkafka",
    "libsnappy-dev": "snappy.h snappy-c.h snappy",
    "libhdf5-dev": "hdf5.h hdf5",
    "libgeos-dev": "geos_c.h geos-config geos_c",
    "libproj-dev": "proj.h proj_api.h proj",
    "libgdal-dev": "gdal.h cpl_port.h gdal-config gdal",
    "libcairo2-dev": "cairo.h cairo/ cairo",
    "libmagic-dev": "magic.h magic",
    "uuid-dev": "uuid/ uuid.h uuid",
    "libsodium-dev": "sodium.h sodium libsodium",
    "libev-dev": "ev.h ev",
    "libevent-dev": "event.h event2/ event",
    "libuv1-dev": "uv.h libuv",
    "libopenblas-dev": "cblas.h openblas blas lapack",
    "libsystemd-dev": "systemd/ libsystemd systemd",
    "libdbus-1-dev": "dbus/ dbus-1",
    "libglib2.0-dev": "glib.h glib-2.0 gobject-2.0",
    "libcups2-dev": "cups/ cups-config cups",
    "libpcap-dev": "pcap.h pcap-config pcap",
    "libusb-1.0-0-dev": "libusb.h libusb-1.0",
    "librabbitmq-dev": "amqp.h rabbitmq",
    "libmemcached-dev": "libmemcached/ memcached",
    "cmake": "cmake",
    "cargo": "cargo rustc",
    "gfortran": "gfortran",
    "swig": "swig",
    "pkg-config": "pkg-config pkgconf",
    "make": "make",
    "ninja-build": "ninja",
    "autoconf": "autoconf autoreconf",
    "libtool": "libtool libtoolize",
}
_BY_NAME = {name: package for package, names in _PACKAGES.items() for name in names.split()}

# Project -> what to require in its place; its wheels bring the library along.
_INSTEAD = {
    "psycopg2": "psycopg2-binary",
    "mysqlclient": "pymysql",
    "python-ldap": "ldap3",
}

_PROGRAMS = "cmake|cargo|rustc|swig|make|ninja|pkg-config|gfortran|autoreconf"
_CONFIG = r"[\w-]+(?:_config|-config)"
_SHELL = r"\bsh: (?:\d+: |line \d+: )?"
# The group "name" is what was missing; the surest signs first, probes last.
_SIGNS = tuple(
    re.compile(sign)
    for sign in (
        r"fatal error: (?P<name>[\w./+-]+\.h(?:pp|xx)?): No such file or directory",
        r"fatal error: '(?P<name>[\w./+-]+\.h(?:pp|xx)?)' file not found",
        r"\bld[\w.-]*: (?:cannot|unable to) find (?:library )?-l(?P<name>[\w.+-]+)",
        rf"[Ee]rror: (?P<name>{_CONFIG}) (?:executable )?not found",
        rf"{_SHELL}(?P<name>{_CONFIG}|{_PROGRAMS}): (?:command )?not found",
        rf"No such file or directory: '(?P<name>{_CONFIG}|{_PROGRAMS})'",
        r"The headers or library files could not be found for (?P<name>\w+)",
        r"Please make sure the (?P<name>libxml2) and libxslt development packages are installed",
        r"\blib(?P<name>[\w+-]+)\.so[.\d]*: cannot open shared object file",
        r"can't find (?P<name>Rust|cargo) compiler",
        r"(?P<name>Cargo|CMake), the [\w ]+, is not installed",
        r"(?P<name>CMake|cmake) must be installed",
        r"No package '(?P<name>[\w.+-]+)' found",
        r"Dependency \"?(?P<name>[\w.+-]+)\"? not found",
        r"Package '?(?P<name>[\w.+-]+)'?,?(?: required by '[^']*',)? (?:was )?not found",
        r"pkg-config --exists (?P<name>[\w.+-]+)' returned non-zero",
    )
)
_NO_COMPILER = re.compile(
    r"(?:command '|unable to execute '|No such file or directory: ')"
    r"(?P<name>(?:[\w.]+-linux-(?:gnu|musl)-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+))(?:-\d+)?'"
    r"(?: failed: No such file or directory|: No such file or directory|\s*$)"
    r"|sh: (?:\d+: )?(?P<shell>gcc|g\+\+|cc|c\+\+|clang): not found"
    r"|linker `(?P<linker>cc)` not found"
    r"|Unknown compiler\(s\): \[\['(?P<meson>[\w+-]+)'"
    r"|(?P<cmake>No CMAKE_C(?:XX)?_COMPILER could be found)",
    re.MULTILINE,
)
_ALIASES = {"Rust": "rustc", "Cargo": "cargo", "CMake": "cmake"}


def missing_compiler(lines: Iterable[str]) -> str | None:
    """The compiler that a build looked for in vain, by its program's name."""
    for line in lines:
        found = _NO_COMPILER.search(line)
        if found:
            return found["name"] or found["shell"] or found["linker"] or found["meson"] or "cc"
    return None


def missing_library(lines: Iterable[str], project: str = "") -> Missing | None:
    """What a build was missing, from its lines. ``project`` is its normalised name."""
    text = "\n".join(lines)
    for sign in _SIGNS:  # the surest first: many builds probe for what they can do without
        if found := sign.search(text):
            name = _ALIASES.get(found["name"], found["name"])
            return Missing(name, debian_package(name), _INSTEAD.get(project))
    return None


def debian_package(name: str) -> str | None:
    """The Debian package for a header, library, module or program; None if unknown."""
    folder = name.partition("/")[0] + "/"
    return _BY_NAME.get(name) or _BY_NAME.get(folder) or _BY_NAME.get(name.rpartition("/")[2])

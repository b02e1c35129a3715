"""Where packages come from: the user's variables over bindings, and what of it is secret."""

from collections.abc import Mapping

import pytest

from buildpack.bindings import Bound
from buildpack.errors.settings import BadSetting
from buildpack.network import IN_WORDS, INDEX_VARIABLES, Network, read_network

BOUND = Bound(
    index={"UV_DEFAULT_INDEX": "https://bound/simple", "UV_FIND_LINKS": "https://bound/links"},
    reach={"UV_HTTP_TIMEOUT": "5"},
    python_mirror={"UV_PYTHON_INSTALL_MIRROR": "https://bound/pythons"},
    arguments=("--no-index",),
    netrc="machine host login me password hunter2\n",
    certificates="PEM",
)


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ({}, {}),
        ({"UV_INDEX_URL": " "}, {}),
        ({"PIP_INDEX_URL": "https://pip"}, {"UV_DEFAULT_INDEX": "https://pip"}),
        (
            {"PIP_INDEX_URL": "https://pip", "UV_INDEX_URL": "https://uv"},
            {"UV_DEFAULT_INDEX": "https://uv"},
        ),
        ({"UV_INDEX": "mine=https://a https://b"}, {"UV_INDEX": "mine=https://a https://b"}),
        ({"PIP_EXTRA_INDEX_URL": "https://a"}, {"UV_EXTRA_INDEX_URL": "https://a"}),
        ({"PIP_FIND_LINKS": "https://a https://b"}, {"UV_FIND_LINKS": "https://a,https://b"}),
        ({"UV_INDEX_STRATEGY": "unsafe-best-match"}, {"UV_INDEX_STRATEGY": "unsafe-best-match"}),
        ({"UV_CONFIG_FILE": "/app/uv.toml", "UV_CACHE_DIR": "/app"}, {}),
    ],
)
def test_indexes_of_the_users_variables(given: Mapping[str, str], index: Mapping[str, str]) -> None:
    assert read_network(given, Bound()) == Network(index=index)


def test_how_they_are_reached() -> None:
    given = {
        "PIP_TRUSTED_HOST": "host",
        "PIP_DEFAULT_TIMEOUT": "59.5",
        "UV_INDEX_MINE_USERNAME": "me",
        "UV_INDEX_MINE_PASSWORD": "s3cr3t",
    }
    network = read_network(given, Bound())
    assert network.reach == {
        "UV_INSECURE_HOST": "host",
        "UV_HTTP_TIMEOUT": "60",
        "UV_INDEX_MINE_USERNAME": "me",
        "UV_INDEX_MINE_PASSWORD": "s3cr3t",
    }
    assert network.keyed() == {}


def test_the_users_proxies() -> None:
    given = {"HTTPS_PROXY": "http://me:pr0xy@host:3128", "no_proxy": "localhost,.example"}
    network = read_network(given, Bound())
    assert network.reach == given
    assert network.secrets() == ("pr0xy",)
    assert network.keyed() == {}


def test_the_users_variables_win_over_bindings() -> None:
    given = {
        "PIP_INDEX_URL": "https://given/simple",
        "UV_HTTP_TIMEOUT": "9",
        "UV_PYTHON_INSTALL_MIRROR": "https://given/pythons",
    }
    assert read_network(given, BOUND) == Network(
        index={"UV_DEFAULT_INDEX": "https://given/simple", "UV_FIND_LINKS": "https://bound/links"},
        reach={"UV_HTTP_TIMEOUT": "9"},
        python_mirror={"UV_PYTHON_INSTALL_MIRROR": "https://given/pythons"},
        arguments=("--no-index",),
        netrc=BOUND.netrc,
        certificates="PEM",
    )
    assert read_network({}, BOUND) == Network(
        BOUND.index, BOUND.reach, BOUND.python_mirror, BOUND.arguments, BOUND.netrc, "PEM"
    )


def test_what_the_key_covers() -> None:
    assert read_network({}, BOUND).keyed() == {
        "the package index": "https://bound/simple",
        "the list of pages with links": "https://bound/links",
        "pip.conf": "--no-index",
    }


def test_every_variable_has_words_for_the_log() -> None:
    assert set(IN_WORDS) == set(INDEX_VARIABLES.values())


def test_secrets_are_known_and_in_no_repr() -> None:
    network = Network(
        index={"UV_DEFAULT_INDEX": "https://me:a%40b@host/simple https://token@host/x?sig=query"},
        reach={"UV_INDEX_X_USERNAME": "me", "UV_INDEX_X_PASSWORD": "pass"},
        python_mirror={"UV_PYTHON_INSTALL_MIRROR": "https://u:mirror@host"},
        netrc="machine a login b\n  password hunter2\n",
    )
    assert network.secrets() == (*("hunter2", "pass", "a%40b", "a@b", "token", "query", "mirror"),)
    assert repr(network) == "Network()"


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("https://me:p@ss@host/simple", ("p@ss",)),
        ("https://token:x-oauth-basic@host/simple", ("x-oauth-basic", "token")),
        ("https://host/priv/0a1b2c3d4e5f6g7h/simple", ("0a1b2c3d4e5f6g7h",)),
        (
            "https://host/1f0c2d3e-4a5b-4c6d-8e7f-9a0b1c2d3e4f",
            ("1f0c2d3e-4a5b-4c6d-8e7f-9a0b1c2d3e4f",),
        ),
        ("https://me:s3cr3t@0a1b2c3d4e5f6g7h/artifactory/api/pypi/python-2026/simple", ("s3cr3t",)),
    ],
)
def test_secrets_of_an_address(address: str, secrets: tuple[str, ...]) -> None:
    assert Network(index={"UV_DEFAULT_INDEX": address}).secrets() == secrets


def test_a_token_in_the_place_of_the_user_name() -> None:
    reach = {
        "UV_INDEX_A_USERNAME": "token-a",
        "UV_INDEX_B_USERNAME": "token-b",
        "UV_INDEX_B_PASSWORD": "x-oauth-basic",
        "UV_INDEX_C_PASSWORD": "pass-c",
        "UV_INDEX_D_USERNAME": "me",
        "UV_INDEX_D_PASSWORD": "pass-d",
    }
    assert Network(reach=reach).secrets() == (
        *("token-a", "x-oauth-basic", "token-b", "pass-c", "pass-d"),
    )


@pytest.mark.parametrize(
    ("entry", "secrets"),
    [
        ('machine a login b password "two words"', ("two words",)),
        ('machine a login b password "a\\"b"', ('a"b',)),
        ("machine a login token password x-oauth-basic", ("x-oauth-basic", "token")),
        ("default login b password hunter2 machine c login d password pass", ("hunter2", "pass")),
        ("machine a password hunter2 login b", ("hunter2",)),
        ("machine a login b", ()),
    ],
)
def test_secrets_of_a_netrc(entry: str, secrets: tuple[str, ...]) -> None:
    assert Network(netrc=f"{entry}\n").secrets() == secrets


def test_a_folder_is_no_address() -> None:
    with pytest.raises(BadSetting) as caught:
        read_network({"PIP_FIND_LINKS": "https://a ./wheels"}, Bound())
    assert caught.value.explanation.happened == (
        "PIP_FIND_LINKS can be addresses (https://HOST/PATH); a folder of the app is called"
        " wheels/."
    )


@pytest.mark.parametrize(
    ("name", "value", "shown", "allowed"),
    [
        ("PIP_INDEX_URL", "me:hunter2@host/simple", "****", "an address: https://HOST/PATH"),
        ("UV_DEFAULT_INDEX", "./index", "****", "an address: https://HOST/PATH"),
        (
            "UV_EXTRA_INDEX_URL",
            "https://a host/simple",
            "****",
            "addresses with blanks between: https://HOST/PATH",
        ),
        ("UV_INDEX", "mine", "****", "addresses with blanks between: https://HOST/PATH"),
        (
            "UV_INDEX_STRATEGY",
            "best",
            "best",
            "one of first-index, unsafe-first-match and unsafe-best-match",
        ),
        ("PIP_DEFAULT_TIMEOUT", "long", "long", "a number of seconds"),
        ("UV_HTTP_TIMEOUT", "-1", "-1", "a number of seconds"),
        ("PIP_RETRIES", "1.5", "1.5", "a whole number"),
    ],
)
def test_values_that_make_no_sense(name: str, value: str, shown: str, allowed: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_network({name: value}, Bound())
    assert caught.value.explanation.render() == (
        f"Error: {name} has a value that makes no sense\n\n{name} can be {allowed}.\n\n"
        f"Found:\n  {name}={shown!r}, from the platform (pack build --env, project.toml)\n\n"
        "What to do:\n  Give it one of these values, or leave it out.\n"
    )

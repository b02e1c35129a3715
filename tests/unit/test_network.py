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
        "PIP_DEFAULT_TIMEOUT": "60",
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


def test_a_folder_is_no_address() -> None:
    with pytest.raises(BadSetting) as caught:
        read_network({"PIP_FIND_LINKS": "https://a ./wheels"}, Bound())
    assert caught.value.explanation.happened == (
        "PIP_FIND_LINKS can be addresses (https://HOST/PATH); a folder of the app is called"
        " wheels/."
    )

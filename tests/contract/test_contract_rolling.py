"""New versions in place without a request lost: the short form of ``scripts/soak rolling``."""

import pytest
from support.images import Images
from support.rolling import swarm, two_containers, updates


@pytest.mark.parametrize("proxy", ["nginx", "HAProxy"])
def test_two_containers_behind_a_proxy(images: Images, proxy: str) -> None:
    with two_containers(images.name("operated"), proxy) as site:
        done = updates(site, 2, 0)
    assert done.tally.wrong == []


def test_a_service_of_docker_swarm(images: Images) -> None:
    with swarm(images.name("operated")) as site:
        done = updates(site, 2, 0)
    assert done.tally.wrong == []

"""Debian's servers in one image: what stands before an app, and what it talks to; for tests."""

from scripts.toolchain import cache, debian, docker, images, say
from scripts.toolchain.site import Site

SUITE = images.TRIXIE
IMAGE = f"flaskpack/peers:{SUITE.name}"
PACKAGES = (
    *("apache2", "haproxy", "nginx-light", "varnish"),
    *("docker-compose", "docker-registry", "postgresql"),
    *("uwsgi", "uwsgi-plugin-python3", "wrk"),
)


def ready(site: Site, renew: bool = False) -> str:
    """The image's name, when it is there; ``renew`` makes it anew, from today's packages.

    Nothing in it starts by itself.
    """
    key = cache.key_of(SUITE.release, *PACKAGES)
    if renew or docker.label(IMAGE, images.KEY_LABEL) != key:
        before = docker.image_id(IMAGE)
        with say.step(f"{IMAGE}: making it of Debian's servers"):
            debian.make(site, IMAGE, SUITE.release, PACKAGES, {images.KEY_LABEL: key})
        docker.forget(before)
    return IMAGE

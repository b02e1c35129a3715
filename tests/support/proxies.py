"""Debian's proxies in containers, each in front of one server, with their usual keep-alive."""

import contextlib
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from support.containers import wait
from support.packing import inspect, run

NGINX = """\
daemon off;
worker_processes 1;
error_log stderr;
pid /tmp/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    proxy_connect_timeout 1s;
    proxy_next_upstream error timeout non_idempotent;
    upstream app {{ {servers} keepalive 16; }}
    server {{
        listen 80;
        listen 81 http2;
        location / {{
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""
HAPROXY = """\
global
    log stderr format raw local0 warning
defaults
    mode http
    log global
    timeout connect 1s
    timeout client 60s
    timeout server 60s
    option forwardfor
    option redispatch
    retries 3
    retry-on conn-failure empty-response
frontend web
    bind :80
    bind :81 proto h2
    default_backend app
backend app
    default-server check inter 500ms fall 1 rise 1
{servers}
"""
APACHE = """\
ServerRoot /tmp
PidFile /tmp/apache.pid
Listen 80
Listen 81
ServerName proxy
User www-data
Group www-data
ErrorLog /dev/stderr
{modules}
Protocols h2c http/1.1
H2Direct on
<Proxy balancer://app>
{servers}
</Proxy>
ProxyPreserveHost on
ProxyPass / balancer://app/
"""
APACHE_MODULES = (
    *("mpm_event", "authz_core", "proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests"),
    *("slotmem_shm", "http2"),
)
VARNISH = """\
vcl 4.1;
import directors;
{servers}
sub vcl_init {{ new app = directors.round_robin(); {adding} }}
sub vcl_recv {{ set req.backend_hint = app.backend(); return (pass); }}
"""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs; ``h2_port`` speaks HTTP/2 without TLS, to who knows that beforehand."""

    name: str
    container: str
    host: str
    port: int = 80
    h2_port: int = 81

    def connect(self, port: int | None = None) -> socket.socket:
        """A new connection."""
        return socket.create_connection((self.host, port or self.port), timeout=10)

    def log(self) -> str:
        """What it said."""
        return run("docker", "logs", self.container).stdout


def nginx(servers: Sequence[str]) -> str:
    """A shell script that becomes it; ``servers`` are host:port."""
    told = " ".join(f"server {server} max_fails=0;" for server in servers)
    return _with(NGINX.format(servers=told), "exec nginx -c /tmp/conf -e stderr")


def haproxy(servers: Sequence[str]) -> str:
    """The same."""
    told = "\n".join(f"    server s{number} {each}" for number, each in enumerate(servers))
    return _with(HAPROXY.format(servers=told), "exec haproxy -f /tmp/conf")


def apache(servers: Sequence[str]) -> str:
    """The same."""
    folder = "/usr/lib/apache2/modules"
    modules = "\n".join(f"LoadModule {m}_module {folder}/mod_{m}.so" for m in APACHE_MODULES)
    told = "\n".join(f"BalancerMember http://{each}" for each in servers)
    conf = APACHE.format(modules=modules, servers=told)
    return _with(conf, "exec apache2 -f /tmp/conf -D FOREGROUND")


def varnish(servers: Sequence[str]) -> str:
    """The same."""
    backends, adding = [], []
    for number, each in enumerate(servers):
        host, _, port = each.partition(":")
        backends.append(f'backend s{number} {{ .host = "{host}"; .port = "{port}"; }}')
        adding.append(f"app.add_backend(s{number});")
    conf = VARNISH.format(servers="\n".join(backends), adding=" ".join(adding))
    options = "-F -f /tmp/conf -a :80,HTTP -a :81,HTTP -p feature=+http2 -n /tmp/varnish"
    return _with(conf, f"exec varnishd {options} -s malloc,32m -j none")


PROXIES = {"nginx": nginx, "HAProxy": haproxy, "Apache": apache, "Varnish": varnish}


@contextlib.contextmanager
def proxying(name: str, *servers: str) -> Iterator[Proxy]:
    """One of PROXIES in front of these servers (host:port)."""
    container = f"flaskpack-test-{name.lower()}-{uuid4().hex[:8]}"
    command = ["docker", "run", "--detach", "--name", container, os.environ["FLASKPACK_PEERS"]]
    started = run(*command, "sh", "-c", PROXIES[name](servers))
    assert started.returncode == 0, started.stdout
    try:
        made = Proxy(name, container, inspect(container)["NetworkSettings"]["IPAddress"])
        wait(lambda: _listens(made), f"{name} does not listen", made.log)
        yield made
    finally:
        run("docker", "rm", "--force", "--volumes", container)


def _listens(proxy: Proxy) -> bool:
    try:
        proxy.connect().close()
        proxy.connect(proxy.h2_port).close()
    except OSError:
        return False
    return True


def _with(configuration: str, command: str) -> str:
    return f"cat >/tmp/conf <<'END'\n{configuration}END\n{command}"

"""Where the health check finds the server, out of the kernel's tables, and what it makes of it."""

import sys

import pytest
from support.launch import LAUNCH

sys.path.insert(0, str(LAUNCH))
import healthcheck

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 101 1 0
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 102 1 0
   2: 0100007F:0050 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1002        0 103 1 0
   3: 030012AC:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 104 1 0
nonsense
"""
ALL, NONE = "0" * 32, f"{'0' * 32}:0000"
TCP6 = f"""\
  sl  local_address                         remote_address                        st
   0: {ALL}:0050 {NONE} 0A 0:0 0:0 0 1 0 201
   1: B80D0120000000000000000001000000:0050 {NONE} 0A 0:0 0:0 0 1 0 202
"""
UNIX = """\
Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 301 /run/a b.sock
0000000000000000: 00000002 00000000 00000000 0001 03 302 /run/other.sock
0000000000000000: 00000002 00000000 00010000 0001 01 303 @abstract
0000000000000000: 00000002 00000000 00000000 0002 01 304
"""
TABLES = {"tcp": TCP, "tcp6": TCP6, "unix": UNIX}


@pytest.mark.parametrize(
    ("inodes", "address", "shown"),
    [
        (["101"], ("0.0.0.0", 80), "0.0.0.0:80"),
        (["999", "103", "102"], ("127.0.0.1", 8080), "127.0.0.1:8080"),
        (["104", "101"], ("172.18.0.3", 8081), "172.18.0.3:8081"),
        (["201"], ("::", 80), "[::]:80"),
        (["202"], ("2001:db8::1", 80), "[2001:db8::1]:80"),
        (["302", "301"], "/run/a b.sock", "unix:/run/a b.sock"),
        (["303"], "@abstract", "unix:@abstract"),
        (["301", "101"], ("0.0.0.0", 80), "0.0.0.0:80"),
    ],
)
def test_the_first_socket_that_listens(
    inodes: list[str], address: healthcheck.Address, shown: str
) -> None:
    assert healthcheck.first(inodes, TABLES) == address
    assert healthcheck.shown(address) == shown


@pytest.mark.parametrize("inodes", [[], ["103"], ["302", "304"], ["999"]])
def test_nothing_listens(inodes: list[str]) -> None:
    assert healthcheck.first(inodes, TABLES) is None


def test_a_protocol_that_the_kernel_lacks() -> None:
    assert healthcheck.read("/proc/self/net/nosuch") == ""
    assert healthcheck.first(["201"], {**TABLES, "tcp6": ""}) is None


@pytest.mark.parametrize(
    "arguments", [["ready"], ["/a", "/b"], ["/a b"], ["/a\r\nX: y"], ["/ü"], [""]]
)
def test_a_target_that_is_none(arguments: list[str]) -> None:
    with pytest.raises(healthcheck.UnhealthyError) as caught:
        healthcheck.main(arguments)
    assert str(caught.value) == (
        f"healthcheck takes one target that begins with /, not {arguments}"
    )

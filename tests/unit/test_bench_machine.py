"""What is said of the machine, and what goes from it into builds."""

from benchmarks import machine
from benchmarks.build import contenders

CPUINFO = """\
processor\t: 0
model name\t: Some CPU @ 2.80GHz

processor\t: 1
model name\t: Some CPU @ 2.80GHz
"""


def test_processor_and_memory() -> None:
    assert machine.processor(CPUINFO) == "Some CPU @ 2.80GHz"
    assert machine.memory("MemTotal:        4194304 kB\nMemFree:  1 kB\n") == 4.0


def test_only_set_proxies_go_into_a_docker_build_and_never_their_values() -> None:
    environ = {"https_proxy": "http://user:secret@proxy", "HTTP_PROXY": "", "PIP_INDEX_URL": "x"}
    assert contenders.proxies(environ) == ["https_proxy"]

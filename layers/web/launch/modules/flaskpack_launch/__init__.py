"""How the included configuration decides. Standard library, Python 3.9 and newer.

Decisions are functions of their arguments; only `cores.of_this_process`,
`listen.is_permitted` and `listen.find_problem` look at the machine.
"""

"""The project's own commands; each is a small shell file beside this one."""

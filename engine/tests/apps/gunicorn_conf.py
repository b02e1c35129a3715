"""What every gunicorn of the engine's tests is started with."""

# The thread behind the control socket (gunicorn 25 and newer) may hold stderr's lock
# when a worker is forked: that worker hangs in its first line of log. Older versions
# take no notice of a name that they don't know.
control_socket_disable = True

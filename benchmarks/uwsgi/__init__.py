"""The image beside nginx and uWSGI, which its predecessor compared itself with."""

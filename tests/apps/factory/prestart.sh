#! /usr/bin/env sh
echo "Running inside $PWD/prestart.sh"

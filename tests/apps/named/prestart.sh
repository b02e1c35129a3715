echo "Running prestart of named"

"""What the defaults of THREADS and WORKER_CLASS come from: kinds of app, workers and threads."""

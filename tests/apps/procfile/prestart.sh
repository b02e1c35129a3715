echo the hook must not run

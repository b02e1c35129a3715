"""with_fastwsgi.py PORT PROCESSES MODULE"""

import importlib
import sys

import fastwsgi

port, processes = map(int, sys.argv[1:3])
app = importlib.import_module(sys.argv[3]).app
fastwsgi.run(app, host="127.0.0.1", port=port, workers=processes)

#!/usr/bin/env bash
# Makes the venv of the Python peers that the benchmarks run beside. usage: setup_peers.sh FOLDER   (8 GB)
set -euo pipefail
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check arc-state==0.11.1 scanpy==1.11.5 anndata==0.12.19 gseapy==1.3.1
touch "$1/complete"

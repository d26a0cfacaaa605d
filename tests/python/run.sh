#!/bin/sh
# run.sh ENVIRONMENT WRITER FORMAT FOLDER: writes a dataset of boxes and reads it by python.
set -eu
here=$(dirname "$0")
if [ ! -x "$1/bin/python" ]; then
    echo "skipped: no Python environment in $1; .ci/run makes it where PyPI can be reached"
    exit 77
fi
"$2" "$3" "$4"
exec "$1/bin/python" "$here/read_$3.py" "$4"

#!/usr/bin/env bash
# prepare on a standalone cluster; all paths must be seen by every worker:
#   submit-standalone.sh spark://MASTER:7077 ANNOTATIONS IMAGES OUTPUT
set -euo pipefail

home="$(cd "$(dirname "$0")/.." && pwd)"
exec "$SPARK_HOME/bin/spark-submit" --master "$1" --executor-memory "${EXECUTOR_MEMORY:-4g}" --class io.palispark.cli.Main \
  "${PALISPARK_JAR:-$home/target/palispark.jar}" \
  prepare --set "input.annotations=$2" --set "input.images=$3" --set "output.path=$4"

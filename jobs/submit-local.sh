#!/usr/bin/env bash
# prepare on the cores of this machine: submit-local.sh ANNOTATIONS IMAGES OUTPUT
set -euo pipefail

home="$(cd "$(dirname "$0")/.." && pwd)"
exec "$SPARK_HOME/bin/spark-submit" --master 'local[*]' --driver-memory 4g --class io.palispark.cli.Main \
  "${PALISPARK_JAR:-$home/target/palispark.jar}" \
  prepare --set "input.annotations=$1" --set "input.images=$2" --set "output.path=$3"

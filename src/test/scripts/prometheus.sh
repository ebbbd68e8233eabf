#!/usr/bin/env bash
# What Prometheus sees of a running job: prepare on the demo corpus forty times over, its driver scraped twice in
# mid-run, and the executors as Spark itself shows them.
#
#   SPARK_HOME=… prometheus.sh WORK_FOLDER
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$1"
demo="$home/src/main/resources/io/palispark/demo"
mkdir -p "$work"
rm -rf "$work/rows"
python3 "$home/src/test/python/many_objects.py" 40 "$work/instances.json"
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
page="http://127.0.0.1:$port/metrics"
export SPARK_LOCAL_IP=127.0.0.1
export PALISPARK_SUBMIT_OPTIONS="--conf spark.ui.enabled=true --conf spark.ui.port=$port --conf spark.ui.prometheus.enabled=true
  --conf spark.metrics.namespace=palispark
  --conf spark.metrics.conf.*.sink.prometheusServlet.class=org.apache.spark.metrics.sink.PrometheusServlet
  --conf spark.metrics.conf.*.sink.prometheusServlet.path=/metrics/prometheus"
"$home/jobs/palispark" prepare --master 'local[2]' --set "input.annotations=$work/instances.json" \
  --set "input.images=$demo/images" --set "output.path=$work/rows" --set output.shard-bytes=256KiB \
  --set split.near-duplicates=false >"$work/result.txt" 2>"$work/driver.log" &
job=$!
trap 'kill "$job" 2>/dev/null || true' EXIT

scrape() {
  curl -sfL "$page/prometheus" | grep '^metrics_palispark_driver_plugin.*_Value' || true
}

objects() {
  scrape | awk '/_objects_Value/ {print int($2)}'
}

seen=0
for scraped in 1 2; do
  until now="$(objects)"; [[ "${now:-0}" -gt "$seen" ]]; do
    kill -0 "$job" || { echo "the job ended before it was scraped" >&2; exit 1; }
    sleep 0.5
  done
  seen="$now"
  echo "scrape $scraped"
  scrape
done
echo "executors as Spark shows them"
curl -sfL "$page/executors/prometheus" | grep -m 3 totalTasks
wait "$job"
echo "manifest"
python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["counts"]["object"])' "$work/rows/manifest.json"

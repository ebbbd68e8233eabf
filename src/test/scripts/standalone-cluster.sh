#!/usr/bin/env bash
# The jar under a real spark-submit: a standalone master with two workers on this machine, prepare on the bundled corpus,
# and the same fingerprint as the embedded Spark gives; then the examples jobs/submit-local.sh and submit-standalone.sh.
# The port 7077 must be free. A table at the end says what came of each row; about two minutes on two cores.
#
#   SPARK_HOME=… standalone-cluster.sh WORK_FOLDER
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$1"
: "${SPARK_HOME:?names the Spark whose master and workers are started}"
demo="$home/src/main/resources/io/palispark/demo"
mkdir -p "$work"
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1
servers=()
# shellcheck source=table.sh
source "$home/src/test/scripts/table.sh"
shutdown() { kill "${servers[@]}" 2>/dev/null || true; }
trap finish EXIT

begin servers
await 20 is_free 7077 || { echo "Cannot start a master: something listens on port 7077 already" >&2; exit 1; }
rm -f "$work"/*.log
"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7077 --webui-port 0 \
  >"$work/master.log" 2>&1 &
servers+=($!)
await 120 grep -q "Starting Spark master" "$work/master.log"
for worker in 1 2; do
  "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 1g \
    --webui-port 0 --work-dir "$work/worker-$worker" spark://127.0.0.1:7077 >"$work/worker-$worker.log" 2>&1 &
  servers+=($!)
done
registered() { [[ "$(grep -c "Registering worker" "$work/master.log")" == 2 ]]; }
await 120 registered
passed "a master and two workers"

fingerprint() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["fingerprint"])' "$1/manifest.json"; }

settings=(--set "input.annotations=$demo/annotations" --set "input.images=$demo/images" --set "output.path=$work/rows"
  --set "task=[segment, caption, vqa]" --set output.shard-bytes=16KiB)
begin cluster
rm -rf "$work/rows"
"$home/jobs/palispark" prepare --master spark://127.0.0.1:7077 "${settings[@]}" >"$work/driver.out" 2>"$work/driver.log"
cluster="$(fingerprint "$work/rows")"
passed "$cluster, executors on workers: $(grep -c 'Launching executor' "$work/master.log")"

begin embedded
rm -rf "$work/rows"
embedded="$(env -u SPARK_HOME "$home/jobs/palispark" prepare "${settings[@]}" 2>"$work/embedded.log" |
  awk '/^fingerprint/ {print $2}')"
[[ "$cluster" == "$embedded" ]]
passed "$embedded, the same"

begin submit-standalone
rm -rf "$work/submitted"
EXECUTOR_MEMORY=700m "$home/jobs/submit-standalone.sh" spark://127.0.0.1:7077 "$demo/annotations" "$demo/images" \
  "$work/submitted" >"$work/submit-standalone.log" 2>&1
standalone="$(fingerprint "$work/submitted")"
passed "$standalone"

begin submit-local
rm -rf "$work/submitted"
"$home/jobs/submit-local.sh" "$demo/annotations" "$demo/images" "$work/submitted" >"$work/submit-local.log" 2>&1
[[ "$standalone" == "$(fingerprint "$work/submitted")" ]]
passed "$(fingerprint "$work/submitted"), the same"

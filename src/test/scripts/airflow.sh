#!/usr/bin/env bash
# The DAGs in a real Airflow against a standalone master: all files parse; the pipeline on the bundled corpus from end to
# end; a run with nothing new encodes nothing; a prepare whose driver is killed in the middle is brought to the same
# fingerprint by Airflow's own retry, which encodes less than all.
#
#   AIRFLOW=…/bin/airflow SPARK_HOME=… airflow.sh WORK_FOLDER
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$1"
: "${SPARK_HOME:?names the Spark whose master and worker are started}" "${AIRFLOW:?names the airflow command}"
demo="$home/src/main/resources/io/palispark/demo"
rm -rf "$work/data"
mkdir -p "$work/data"
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true' EXIT

"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7077 --webui-port 0 \
  >"$work/master.log" 2>&1 &
servers+=($!)
until grep -q "Starting Spark master" "$work/master.log"; do sleep 0.2; done
"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 2 --memory 2g \
  --webui-port 0 --work-dir "$work/worker" spark://127.0.0.1:7077 >"$work/worker.log" 2>&1 &
servers+=($!)
until grep -q "Registering worker" "$work/master.log"; do sleep 0.2; done

export AIRFLOW_HOME="$work/airflow" AIRFLOW__CORE__DAGS_FOLDER="$home/jobs/airflow" AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW_CONN_SPARK_DEFAULT='{"conn_type": "spark", "host": "spark://127.0.0.1", "port": 7077}'
export PATH="$SPARK_HOME/bin:$PATH" PYTHONPATH="$home/jobs/airflow"
mkdir -p "$AIRFLOW_HOME"
"$AIRFLOW" db migrate >"$work/migrate.log" 2>&1
"$AIRFLOW" dags list-import-errors --local >"$work/parse.log" 2>&1 || { cat "$work/parse.log" >&2; exit 1; }
echo "parsed        $("$AIRFLOW" dags list --local --output plain 2>/dev/null | grep -c '^palispark_') DAGs, no import errors"

conf="$(printf '{"jar": "%s", "annotations": "%s", "images": "%s", "work": "%s", "truth": "%s", "prepare": [%s]}' \
  "$home/target/palispark.jar" "$demo/annotations" "$demo/images" "$work/data" "$demo/annotations/instances.json" \
  '"task=[segment, caption, vqa]", "prompt.rows-per=class", "output.shard-bytes=16KiB"')"
manifest="$work/data/dataset/manifest.json"

# runs a DAG and says in one line what its dataset is
run() {
  local name="$1" dag="$2"
  "$AIRFLOW" dags test "$dag" --conf "$conf" >"$work/$name.log" 2>&1 || { tail -40 "$work/$name.log" >&2; return 1; }
  ! grep -q "Marking run .* failed" "$work/$name.log"
  python3 -c 'import json, sys; m = json.load(open(sys.argv[1])); print(m["fingerprint"])' "$manifest"
}

# what the last prepare of a log encoded
encoded() { grep -o 'encoded  *[0-9]* objects' "$work/$1.log" | tail -1 | tr -dc 0-9; }

whole="$(run pipeline palispark_pipeline)"
echo "pipeline      $whole, $(encoded pipeline) objects encoded, $(find "$work/data" -path '*/report/index.html' | wc -l) pages"
before="$(stat -c %Y.%s "$manifest")"
again="$(run unchanged palispark_incremental)"
grep -q "Nothing to do" "$work/unchanged.log"
[[ "$before" == "$(stat -c %Y.%s "$manifest")" ]]
echo "nothing new   $again, $(encoded unchanged) objects encoded"

rm -rf "$work/data/dataset"
run killed palispark_incremental >"$work/killed.fingerprint" &
dag=$!
servers+=("$dag")
until ls "$work"/data/dataset/_staging/*/receipts/*.json >/dev/null 2>&1; do sleep 0.05; done
driver="$(pgrep -f "SparkSubmit.*--name palispark-prepare.*$work/data" | head -1)"
kill -9 "$driver"
echo "killed        driver $driver, $(ls "$work"/data/dataset/_staging/*/receipts | wc -l) parts finished"
wait "$dag" || { tail -40 "$work/killed.log" >&2; exit 1; }
grep -q up_for_retry "$work/killed.log"
retried="$(cat "$work/killed.fingerprint")"
echo "after retry   $retried, $(encoded killed) objects encoded"
[[ "$whole" == "$again" && "$whole" == "$retried" ]]
[[ "$(encoded unchanged)" == 0 && "$(encoded killed)" -lt "$(encoded pipeline)" ]]

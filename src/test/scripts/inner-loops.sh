#!/usr/bin/env bash
# Times the inner loops with JMH, microseconds a call.
#
#   inner-loops.sh [JMH OPTIONS…]     for example: inner-loops.sh MaskBenchmark -p radius=50
#
# Needs the classes of `mvn test-compile`. Without options every benchmark runs, about five minutes.
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
classpath="$home/target/test.classpath"
if [[ ! -f "$classpath" || "$home/pom.xml" -nt "$classpath" ]]; then
  (cd "$home" && mvn -B -q dependency:build-classpath -DincludeScope=test "-Dmdep.outputFile=$classpath") >&2
fi
exec java -cp "$home/target/test-classes:$home/target/classes:$(cat "$classpath")" org.openjdk.jmh.Main "$@"

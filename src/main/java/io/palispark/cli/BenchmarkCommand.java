package io.palispark.cli;

import picocli.CommandLine.Command;

/** {@code palispark benchmark}: the speed of a job, and its ratio to the bare kernel on the same cores. */
@Command(
        name = "benchmark",
        description = "Prints the speed of a job and its ratio to the bare kernel on the same cores.",
        subcommands = {BenchmarkCodecCommand.class, BenchmarkGenerateCommand.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class BenchmarkCommand {}

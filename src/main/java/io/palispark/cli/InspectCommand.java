package io.palispark.cli;

import picocli.CommandLine.Command;

/** {@code palispark inspect}: what Palispark sees in a file, as JSON, without Spark. */
@Command(
        name = "inspect",
        description = "Shows what Palispark sees in a file, as JSON.",
        subcommands = {
            InspectImageCommand.class,
            InspectAnnotationsCommand.class,
            InspectCheckpointCommand.class,
            InspectDatasetCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class InspectCommand {}

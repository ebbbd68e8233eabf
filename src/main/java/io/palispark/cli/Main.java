package io.palispark.cli;

import io.palispark.job.DeadlyPictureException;
import io.palispark.job.FailureKind;
import java.util.Optional;
import org.apache.spark.SparkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code palispark} command. */
@Command(
        name = "palispark",
        description = "Image corpora to PaliGemma training data, on Spark.",
        subcommands = {
            DemoCommand.class,
            PrepareCommand.class,
            ShardCommand.class,
            GenerateCommand.class,
            AuditCommand.class,
            DecodeCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            TokensCommand.class,
            InspectCommand.class,
            GcCommand.class,
            WeightsCommand.class,
            BenchmarkCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    private Main() {}

    /** Exit codes of every command. */
    static final class Exit {
        static final int DONE = 0;
        static final int FAILED = 1;
        static final int USAGE = 2;
        static final int GATE = 3;
        static final int UNREADABLE = 4;

        private Exit() {}
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"palispark " + (version == null ? "unpackaged" : version)};
        }
    }

    public static void main(String[] arguments) {
        int code = run(arguments);
        // a plain return is success: System.exit(0) would mark a YARN application as failed
        if (code != Exit.DONE) {
            System.exit(code);
        }
    }

    /** Runs a command and returns its exit code. */
    static int run(String... arguments) {
        return commandLine()
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command))
                .execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    private static int report(Exception failure, CommandLine command) {
        return switch (FailureKind.of(failure)) {
            case SETTINGS -> said(failure, command, Exit.USAGE);
            case GATE -> said(failure, command, Exit.GATE);
            case OUTPUT -> said(failure, command, Exit.FAILED);
            case INPUT -> said(failure, command, Exit.UNREADABLE);
            case OTHER -> {
                failure.printStackTrace(command.getErr());
                taskFailure(failure)
                        .ifPresent(
                                reason -> command.getErr()
                                        .println(
                                                "Cannot " + command.getCommandName() + ": " + reason
                                                        + "\nNothing was published; the next run of the same settings continues with the parts that are finished"));
                yield Exit.FAILED;
            }
        };
    }

    private static int said(Exception failure, CommandLine command, int code) {
        command.getErr().println(failure.getMessage());
        return code;
    }

    /** What Spark says of the task that failed too often, without the stack traces that it repeats. */
    private static Optional<String> taskFailure(Throwable failure) {
        String pictures = failure instanceof DeadlyPictureException ? failure.getMessage() + ". " : "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException && cause.getMessage() != null) {
                return cause.getMessage().lines().findFirst().map(line -> pictures + line);
            }
        }
        return Optional.empty();
    }
}

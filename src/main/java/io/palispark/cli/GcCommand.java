package io.palispark.cli;

import io.palispark.job.UnnamedFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palispark gc}. */
@Command(
        name = "gc",
        description = "Lists, and with --delete removes, files of published folders that no manifest names: shards of"
                + " replaced datasets, staged files of runs that were never finished. A JSON line a file, a last line"
                + " with sums.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark demo --out /tmp/palispark-demo",
            "  jobs/palispark gc --older-than 7d /tmp/palispark-demo/dataset",
            "",
            "Never touched: what the manifest names, subfolders with a manifest of their own, and all of the folder",
            "while a run's staged files are younger than the limit.",
            "Exit codes: 0 done, 2 bad usage, 4 no folder of ours, or not readable."
        })
final class GcCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders with a manifest.json or staged files.")
    private List<String> folders;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "7d",
            converter = Age.class,
            description = "Only files last changed longer ago: a number with s, m, h or d; default ${DEFAULT-VALUE}.")
    private Duration age;

    @Option(names = "--delete", description = "Remove the files; without it they are listed.")
    private boolean delete;

    @Spec
    private CommandSpec spec;

    /** A number with its unit. */
    static final class Age implements CommandLine.ITypeConverter<Duration> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhd])");

        @Override
        public Duration convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new CommandLine.TypeConversionException("'" + text + "' is no age such as 12h or 7d");
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        UnnamedFiles.Disposal disposal = delete ? UnnamedFiles.Disposal.DELETE : UnnamedFiles.Disposal.LIST;
        for (String folder : folders) {
            UnnamedFiles.run(folder, age, Instant.now(), disposal, out::println);
        }
        out.flush();
        return Main.Exit.DONE;
    }
}

package io.palispark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.job.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

@Isolated("replaces the standard streams")
class TokensCommandTest {

    private static final String BOX = "<loc0000><loc0000><loc1023><loc1023>";

    @Test
    void eachPipeReadsStandardInputAndWritesStandardOutput() {
        assertThat(output("{\"id\":1,\"text\":\"%s cat\"}".formatted(BOX), "parse"))
                .contains("\"box\":[0,0,1023,1023]");
        assertThat(output("{\"id\":1,\"text\":\"<loc0000>\"}", "ids")).isEqualTo("{\"id\":1,\"ids\":[1024]}\n");
        assertThat(output("{\"id\":1,\"text\":\"%s\",\"height\":1024,\"width\":1024}".formatted(BOX), "decode"))
                .contains("\"bbox\":[0.0,0.0,1024.0,1024.0]");
        assertThat(output(
                        "{\"id\":1,\"text\":\"%s\",\"height\":1024,\"width\":1024}".formatted(BOX),
                        "decode",
                        "--convention",
                        "bins=1024",
                        "--convention",
                        "paste=rounded"))
                .contains("\"bbox\":[0.0,0.0,1023.0,1023.0]");
        assertThat(output("{\"id\":1,\"height\":9,\"width\":9,\"segmentation\":[[1,1,8,1,8,8,1,8]]}", "encode"))
                .contains("\"suffix\":\"<loc0114><loc0114>");
    }

    @Test
    void allUnknownRulesAreReportedTogether() {
        List<String> problems = new ArrayList<>();
        CommandLine command = new CommandLine(new TokensCommand())
                .setExecutionExceptionHandler((exception, line, parsed) -> {
                    problems.addAll(((ConfigException) exception).problems());
                    return 2;
                });
        assertThat(command.execute("decode", "--convention", "bins=7", "--convention", "sauce=hot"))
                .isEqualTo(2);
        assertThat(problems).hasSize(2);
    }

    private static String output(String input, String... arguments) {
        InputStream standardIn = System.in;
        PrintStream standardOut = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            assertThat(new CommandLine(new TokensCommand()).execute(arguments)).isZero();
        } finally {
            System.setIn(standardIn);
            System.setOut(standardOut);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}

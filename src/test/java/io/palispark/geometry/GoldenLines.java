package io.palispark.geometry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The cases of a golden file, one JSON object a line. */
final class GoldenLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldenLines() {}

    /** Runs the check on the committed subset and returns the number of cases. */
    static int ofResource(String name, Consumer<JsonNode> check) {
        try (InputStream in = GoldenLines.class.getResourceAsStream("/geometry/" + name)) {
            return each(in, check);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the check on the full file and returns the number of cases; skips the test where it is not there. */
    static int ofSharedFolder(String relative, Consumer<JsonNode> check) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(SharedFolder.require(relative)))) {
            return each(in, check);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int each(InputStream in, Consumer<JsonNode> check) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int cases = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            check.accept(JSON.readTree(line));
            cases++;
        }
        return cases;
    }

    static ImageSize size(JsonNode golden) {
        return new ImageSize(golden.get("h").intValue(), golden.get("w").intValue());
    }

    static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }

    static double[] doubles(JsonNode array) {
        return DoubleStream.iterate(0, i -> i < array.size(), i -> i + 1)
                .map(i -> array.get((int) i).doubleValue())
                .toArray();
    }

    static Box box(JsonNode xywh) {
        double[] numbers = doubles(xywh);
        return new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    static List<RunLengthMask> masks(ImageSize size, JsonNode counts) {
        return IntStream.range(0, counts.size())
                .mapToObj(i -> RunLengthMask.parse(size, counts.get(i).textValue()))
                .toList();
    }

    /** Text rows of 0 and 1 as a row-major bitmap. */
    static byte[] bitmap(JsonNode rows) {
        int width = rows.get(0).textValue().length();
        byte[] bitmap = new byte[rows.size() * width];
        for (int i = 0; i < bitmap.length; i++) {
            bitmap[i] = (byte) (rows.get(i / width).textValue().charAt(i % width) - '0');
        }
        return bitmap;
    }
}

package io.palispark.evaluation;

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
import java.util.zip.GZIPInputStream;

/** Reads golden JSON, gzipped or not: a copy beside the tests where there is one, else the shared folder. */
final class Goldens {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Goldens() {}

    static JsonNode json(String name) {
        try (InputStream input = open(name)) {
            return JSON.readTree(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> lines(String name) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(name), StandardCharsets.UTF_8))) {
            return reader.lines().map(Goldens::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream raw = Goldens.class.getResourceAsStream(name);
        if (raw == null) {
            String folder = name.startsWith("fetched/") ? "fixtures/" : "fixtures/evaluation/";
            raw = Files.newInputStream(SharedFolder.require(folder + name));
        }
        return name.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
    }
}

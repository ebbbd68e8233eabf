package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthException;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * COCO's {@code segmentation} in its three spellings. Whatever is wrong with it costs the region or one ring, never the
 * object, which keeps its box.
 */
final class SegmentationField {

    private static final int LEAST_NUMBERS = 6;

    private final ReadLimits limits;
    private double[] numbers = new double[256];
    private int[] runs = new int[256];
    private final List<Polygon> rings = new ArrayList<>();
    private long numbersSeen;

    private Region region;
    private Defect defect;

    SegmentationField(ReadLimits limits) {
        this.limits = limits;
    }

    void clear() {
        rings.clear();
        numbersSeen = 0;
        region = null;
        defect = null;
    }

    Optional<Region> region() {
        return Optional.ofNullable(region);
    }

    /** The first thing that is wrong; always a repair. */
    Optional<Defect> defect() {
        return Optional.ofNullable(defect);
    }

    /** Reads the value at the parser's token and leaves the parser at the value's end. */
    void read(JsonParser parser) throws IOException {
        clear();
        switch (parser.currentToken()) {
            case VALUE_NULL -> {}
            case START_ARRAY -> readRings(parser);
            case START_OBJECT -> readRuns(parser);
            case VALUE_STRING,
                    VALUE_NUMBER_INT,
                    VALUE_NUMBER_FLOAT,
                    VALUE_TRUE,
                    VALUE_FALSE,
                    VALUE_EMBEDDED_OBJECT,
                    NOT_AVAILABLE,
                    END_ARRAY,
                    END_OBJECT,
                    FIELD_NAME -> note(ReasonCode.SEGMENTATION_KIND_UNKNOWN, JsonNumber.describe(parser));
        }
    }

    private void readRings(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            note(ReasonCode.SEGMENTATION_EMPTY, "an empty list");
            return;
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            note(ReasonCode.SEGMENTATION_FLAT, "a flat list of numbers is taken as one ring");
            readRing(parser, 0);
        } else {
            for (int ring = 0; token != JsonToken.END_ARRAY; ring++, token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY) {
                    parser.nextToken();
                    readRing(parser, ring);
                } else {
                    note(ReasonCode.SEGMENTATION_KIND_UNKNOWN, "ring " + ring + " is " + JsonNumber.describe(parser));
                }
            }
        }
        if (numbersSeen > 2L * limits.polygonVertices()) {
            rings.clear();
        }
        region = rings.isEmpty() ? null : new PolygonRegion(rings);
    }

    /** Reads numbers from the parser's token to the end of their list. */
    private void readRing(JsonParser parser, int ring) throws IOException {
        int length = 0;
        boolean usable = true;
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            double number = JsonNumber.finite(parser);
            if (Double.isNaN(number)) {
                usable = false;
                noteNumber(parser, ring);
            } else if (++numbersSeen <= 2L * limits.polygonVertices()) {
                if (length == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * length);
                }
                numbers[length++] = number;
            }
        }
        if (numbersSeen > 2L * limits.polygonVertices()) {
            replace(ReasonCode.POLYGON_TOO_LARGE, "more than " + limits.polygonVertices() + " vertices");
        } else if (usable) {
            addRing(length, ring);
        }
    }

    private void noteNumber(JsonParser parser, int ring) throws IOException {
        boolean nested = parser.currentToken().isStructStart();
        ReasonCode reason = nested ? ReasonCode.SEGMENTATION_KIND_UNKNOWN : JsonNumber.fault(parser);
        note(reason, "ring " + ring + " holds " + JsonNumber.describe(parser));
    }

    private void addRing(int length, int ring) {
        if (length % 2 != 0) {
            note(ReasonCode.POLYGON_ODD_LENGTH, "ring " + ring + " has " + length + " numbers");
        } else if (length < LEAST_NUMBERS) {
            note(ReasonCode.POLYGON_POINT_COUNT, "ring " + ring + " has " + length / 2 + " points");
        } else {
            rings.add(new Polygon(Arrays.copyOf(numbers, length)));
        }
    }

    private void readRuns(JsonParser parser) throws IOException {
        long[] size = new long[0];
        String text = null;
        int count = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("size") && value == JsonToken.START_ARRAY) {
                size = readSize(parser);
            } else if (field.equals("counts") && value == JsonToken.START_ARRAY) {
                count = readCounts(parser);
            } else if (field.equals("counts") && value == JsonToken.VALUE_STRING) {
                text = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        if (defect != null) {
            return;
        }
        if (size.length != 2 || (text == null && count < 0)) {
            note(ReasonCode.SEGMENTATION_KIND_UNKNOWN, "an object without size and counts");
            return;
        }
        boolean representable = size[0] > 0 && size[1] > 0 && size[0] <= RunLengthMask.MAX_PIXELS / size[1];
        if (!representable) {
            note(ReasonCode.RLE_SIZE_MISMATCH, "size [" + size[0] + ", " + size[1] + "] is no image size");
            return;
        }
        decode(new ImageSize((int) size[0], (int) size[1]), text, count);
    }

    private void decode(ImageSize size, String text, int count) {
        try {
            region =
                    text == null ? RunLengthMask.of(size, Arrays.copyOf(runs, count)) : RunLengthMask.parse(size, text);
        } catch (RunLengthException fault) {
            note(
                    switch (fault.fault()) {
                        case BAD_CHARACTER -> ReasonCode.RLE_BAD_CHARACTER;
                        case TRUNCATED -> ReasonCode.RLE_TRUNCATED;
                        case COUNT_OUT_OF_RANGE -> ReasonCode.RLE_COUNT_OUT_OF_RANGE;
                        case SUM_TOO_SMALL -> ReasonCode.RLE_SUM_TOO_SMALL;
                        case SUM_TOO_LARGE -> ReasonCode.RLE_SUM_TOO_LARGE;
                    },
                    fault.getMessage());
        }
    }

    private static long[] readSize(JsonParser parser) throws IOException {
        long[] size = new long[2];
        int length = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            double side = JsonNumber.finite(parser);
            if (length < 2) {
                size[length] = side == Math.rint(side) ? (long) side : 0;
            }
            length++;
            parser.skipChildren();
        }
        return length == 2 ? size : new long[0];
    }

    /** Reads whole numbers into {@link #runs}; their count. */
    private int readCounts(JsonParser parser) throws IOException {
        int length = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            double run = JsonNumber.finite(parser);
            if (run != Math.rint(run) || Math.abs(run) > Integer.MAX_VALUE) {
                note(
                        Double.isNaN(run) ? JsonNumber.fault(parser) : ReasonCode.RLE_COUNT_OUT_OF_RANGE,
                        "run " + length + " is " + JsonNumber.describe(parser));
            } else if (length == limits.maskRuns()) {
                note(ReasonCode.POLYGON_TOO_LARGE, "more than " + limits.maskRuns() + " run lengths");
            } else {
                if (length == runs.length) {
                    runs = Arrays.copyOf(runs, 2 * length);
                }
                runs[length++] = (int) run;
            }
        }
        return length;
    }

    private void note(ReasonCode reason, String detail) {
        if (defect == null) {
            replace(reason, detail);
        }
    }

    private void replace(ReasonCode reason, String detail) {
        defect = Defect.repair(reason, "segmentation: " + detail);
    }
}

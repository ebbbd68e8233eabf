package io.palispark.job;

import java.io.Serializable;

/**
 * What a predictions folder holds besides its lines.
 *
 * @param parquet whether the lines are also written as Parquet
 */
public record PredictionForm(Masks masks, boolean parquet) implements Serializable {

    /** What {@link PredictionPart} stages masks and tables under. */
    static final String MASK_FOLDER = "masks";

    static final String PARQUET_FOLDER = "parquet";

    /** Lines with masks as run lengths and nothing else. */
    static final PredictionForm LINES = new PredictionForm(Masks.RLE, false);

    /** How a line holds the mask of an object. */
    public enum Masks {
        /** Compressed COCO run lengths. */
        RLE,
        /** COCO polygons along the edges of the pixels, which rasterise to the same mask. */
        POLYGONS,
        /** Run lengths, and {@code mask_file}: an 8-bit grey PNG of the picture's size, 255 in the mask and 0 elsewhere. */
        PNG
    }

    static PredictionForm read(Settings settings) {
        return new PredictionForm(settings.choice("output.masks", Masks.class), settings.flag("output.parquet"));
    }

    /** The columns of the Parquet files, in Parquet's own notation: those of the lines. */
    String schema() {
        String segmentation = switch (masks) {
            case RLE, PNG -> """
                            optional group segmentation {
                              optional group size (LIST) { repeated group list { optional int32 element; } }
                              optional binary counts (STRING);
                            }
                            """;
            case POLYGONS -> """
                            optional group segmentation (LIST) { repeated group list {
                              optional group element (LIST) { repeated group list { optional double element; } } } }
                            """;
        };
        return SCHEMA.formatted(segmentation, masks == Masks.PNG ? "optional binary mask_file (STRING);" : "");
    }

    private static final String SCHEMA = """
            message predictions {
              optional binary image (STRING);
              optional binary prefix (STRING);
              optional int32 width;
              optional int32 height;
              optional binary status (STRING);
              optional group error { optional binary code (STRING); optional binary detail (STRING); }
              optional binary text (STRING);
              optional group token_ids (LIST) { repeated group list { optional int32 element; } }
              optional group token_logprobs (LIST) { repeated group list { optional double element; } }
              optional binary finish (STRING);
              optional group objects (LIST) { repeated group list { optional group element {
                optional binary label (STRING);
                optional group bbox (LIST) { repeated group list { optional double element; } }
                %s
                optional double score;
                optional group scores { optional double label; optional double box; optional double mask; }
                %s
              } } }
              optional group defects (LIST) { repeated group list { optional group element {
                optional binary code (STRING); optional int32 at; optional binary detail (STRING);
              } } }
              optional group tiles (LIST) { repeated group list { optional group element {
                optional group tile (LIST) { repeated group list { optional int32 element; } }
                optional binary text (STRING);
                optional group token_ids (LIST) { repeated group list { optional int32 element; } }
                optional group token_logprobs (LIST) { repeated group list { optional double element; } }
                optional binary finish (STRING);
              } } }
              optional group guard {
                optional binary verdict (STRING);
                optional group categories (LIST) { repeated group list { optional binary element (STRING); } }
                optional binary reason (STRING);
                optional binary detail (STRING);
              }
            }
            """;
}

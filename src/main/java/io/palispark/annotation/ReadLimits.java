package io.palispark.annotation;

import java.io.Serializable;

/**
 * What a reader refuses to hold in memory, whatever a file says, and which field of a picture it keeps beside those of
 * its format.
 *
 * @param nesting deepest JSON or XML structure; more rejects the file
 * @param numberLength most characters of a JSON number; more rejects the file
 * @param stringLength most characters of a JSON string that is read; more rejects the file
 * @param polygonVertices most vertices of one object, over all its rings; more drops the region
 * @param maskRuns most run lengths of one object; more drops the region
 * @param rows most rows of one section, whose ids are held at about 20 bytes each; more rejects the file
 * @param textLength most characters of a caption, question, answer or file name; more rejects the row
 * @param documentBytes most bytes of a file that is read whole because it describes one picture; more rejects it
 * @param labelPixels most pixels of a label picture; more drops its masks
 * @param groupField the field of a picture that says what it belongs to, such as its video; empty for none
 */
public record ReadLimits(
        int nesting,
        int numberLength,
        int stringLength,
        int polygonVertices,
        int maskRuns,
        int rows,
        int textLength,
        int documentBytes,
        int labelPixels,
        String groupField)
        implements Serializable {

    public static final ReadLimits DEFAULT =
            new ReadLimits(64, 1000, 16_000_000, 1_000_000, 4_000_000, 20_000_000, 4096, 64_000_000, 64_000_000, "");

    public ReadLimits withPolygonVertices(int vertices) {
        return new ReadLimits(
                nesting,
                numberLength,
                stringLength,
                vertices,
                maskRuns,
                rows,
                textLength,
                documentBytes,
                labelPixels,
                groupField);
    }

    public ReadLimits withTextLength(int characters) {
        return new ReadLimits(
                nesting,
                numberLength,
                stringLength,
                polygonVertices,
                maskRuns,
                rows,
                characters,
                documentBytes,
                labelPixels,
                groupField);
    }

    public ReadLimits withGroupField(String field) {
        return new ReadLimits(
                nesting,
                numberLength,
                stringLength,
                polygonVertices,
                maskRuns,
                rows,
                textLength,
                documentBytes,
                labelPixels,
                field);
    }
}

package io.palispark.annotation;

import java.io.Serializable;

/**
 * What a reader refuses to hold in memory, whatever a file says.
 *
 * @param nesting deepest JSON structure; more rejects the file
 * @param numberLength most characters of a JSON number; more rejects the file
 * @param stringLength most characters of a JSON string that is read; more rejects the file
 * @param polygonVertices most vertices of one object, over all its rings; more drops the region
 * @param maskRuns most run lengths of one object; more drops the region
 * @param rows most rows of one section, whose ids are held at about 20 bytes each; more rejects the file
 * @param textLength most characters of a caption, question, answer or file name; more rejects the row
 */
public record ReadLimits(
        int nesting, int numberLength, int stringLength, int polygonVertices, int maskRuns, int rows, int textLength)
        implements Serializable {

    public static final ReadLimits DEFAULT =
            new ReadLimits(64, 1000, 16_000_000, 1_000_000, 4_000_000, 20_000_000, 4096);

    public ReadLimits withPolygonVertices(int vertices) {
        return new ReadLimits(nesting, numberLength, stringLength, vertices, maskRuns, rows, textLength);
    }

    public ReadLimits withTextLength(int characters) {
        return new ReadLimits(nesting, numberLength, stringLength, polygonVertices, maskRuns, rows, characters);
    }
}

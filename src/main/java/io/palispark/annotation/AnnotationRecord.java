package io.palispark.annotation;

import io.palispark.geometry.Box;
import io.palispark.geometry.Region;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * One row of an annotation file, read but not yet held against its image. Ids are the text of the file's ids, so that
 * number and string ids join. Records of one image share {@link #imageId()}.
 */
public sealed interface AnnotationRecord extends Serializable {

    /** Id of the image this row belongs to; empty for findings about the whole file. */
    String imageId();

    /**
     * An image row.
     *
     * @param fileName name as stated (already known to be safe, forward slashes), never blank
     * @param declaredHeight stated rows, 0 when absent
     * @param declaredWidth stated columns, 0 when absent
     * @param claim where the declared size comes from
     * @param split the dataset's own name of the split that the image is in, empty where it has none
     * @param known what the annotations say about classes without an object
     * @param group value of {@link ReadLimits#groupField()}, empty where there is none
     */
    record ImageRow(
            String imageId,
            String fileName,
            int declaredHeight,
            int declaredWidth,
            SizeClaim claim,
            String split,
            Known known,
            String group)
            implements AnnotationRecord {

        /** A row without a group. */
        public ImageRow(
                String imageId,
                String fileName,
                int declaredHeight,
                int declaredWidth,
                SizeClaim claim,
                String split,
                Known known) {
            this(imageId, fileName, declaredHeight, declaredWidth, claim, split, known, "");
        }

        /** A row of a format that annotates every object. */
        public ImageRow(
                String imageId, String fileName, int declaredHeight, int declaredWidth, SizeClaim claim, String split) {
            this(imageId, fileName, declaredHeight, declaredWidth, claim, split, Known.EVERYTHING);
        }

        /** This row as one of a file in this folder, below which its picture may lie, and in this split unless it states one. */
        public ImageRow within(String folder, String splitOfFile) {
            return new ImageRow(
                    imageId,
                    folder.isEmpty() ? fileName : folder + "/" + fileName,
                    declaredHeight,
                    declaredWidth,
                    claim,
                    split.isEmpty() ? splitOfFile : split,
                    known,
                    group);
        }

        /** This row as one of a group of pictures. */
        public ImageRow inGroup(String stated) {
            return new ImageRow(imageId, fileName, declaredHeight, declaredWidth, claim, split, known, stated.strip());
        }

        /** A row of a format that states sizes and no splits. */
        public ImageRow(String imageId, String fileName, int declaredHeight, int declaredWidth) {
            this(imageId, fileName, declaredHeight, declaredWidth, SizeClaim.STATED, "");
        }
    }

    /**
     * An object row: numbers are finite, nothing is checked against the image yet.
     *
     * @param sequence position in the file's list, the {@code source} order
     * @param objectId id as stated or assigned, unique in the file
     * @param label category name as stated, trimmed, never blank
     * @param box stated box, null when absent (then the region gives it)
     * @param region stated region, null for a box-only row
     * @param area stated area, NaN when absent
     * @param crowd true for rows that cover a group: {@code iscrowd}, Open Images' {@code IsGroupOf}
     * @param measure what box and region are measured in
     */
    record ObjectRow(
            String imageId,
            long sequence,
            String objectId,
            String label,
            Box box,
            Region region,
            double area,
            boolean crowd,
            Measure measure)
            implements AnnotationRecord {

        /** A row in pixels of its image. */
        public ObjectRow(
                String imageId,
                long sequence,
                String objectId,
                String label,
                Box box,
                Region region,
                double area,
                boolean crowd) {
            this(imageId, sequence, objectId, label, box, region, area, crowd, Measure.PIXELS);
        }

        public ObjectRow withLabel(String name) {
            return new ObjectRow(imageId, sequence, objectId, name, box, region, area, crowd, measure);
        }

        public ObjectRow withId(String id) {
            return new ObjectRow(imageId, sequence, id, label, box, region, area, crowd, measure);
        }

        public Optional<Region> optionalRegion() {
            return Optional.ofNullable(region);
        }
    }

    /** A caption: one line, trimmed, never blank. */
    record CaptionRow(String imageId, long sequence, String captionId, String text) implements AnnotationRecord {

        public CaptionRow withId(String id) {
            return new CaptionRow(imageId, sequence, id, text);
        }
    }

    /**
     * A question with its answers joined.
     *
     * @param question one line, trimmed, never blank
     * @param answers as stated, in file order; at least one
     * @param chosenAnswer {@code multiple_choice_answer} where stated, else the most frequent answer (first on ties)
     */
    record QuestionRow(
            String imageId,
            long sequence,
            String questionId,
            String question,
            List<String> answers,
            String chosenAnswer)
            implements AnnotationRecord {

        public QuestionRow withId(String id) {
            return new QuestionRow(imageId, sequence, id, question, answers, chosenAnswer);
        }
    }

    /**
     * Something wrong with a row. Reject findings stand in the place of the row they reject.
     *
     * @param kind what kind of row the finding is about
     */
    record FindingRow(String imageId, RowKind kind, Finding finding) implements AnnotationRecord {}

    /** What an input row is, for the ledger that must add up. */
    enum RowKind {
        FILE,
        IMAGE,
        OBJECT,
        CAPTION,
        QUESTION
    }

    /**
     * What one file held, emitted last: every row counted here was emitted as itself or as one reject finding.
     *
     * @param images image rows seen, also rejected ones
     * @param objects object rows seen
     * @param captions caption rows seen
     * @param questions question rows seen (and answers without a question)
     */
    record Totals(String source, long images, long objects, long captions, long questions) implements AnnotationRecord {
        @Override
        public String imageId() {
            return "";
        }
    }
}

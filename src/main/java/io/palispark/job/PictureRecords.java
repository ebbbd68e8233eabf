package io.palispark.job;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.Known;
import io.palispark.spark.SourcedRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records of one picture, sorted out by kind.
 *
 * @param source number of the source
 * @param place where its rows stand in a shard, among those of other pictures
 * @param images image rows; several when more than one file describes the picture
 * @param totals what files held, on the empty image id only
 */
record PictureRecords(
        int source,
        long place,
        String imageId,
        List<ImageRow> images,
        List<ObjectRow> objects,
        List<CaptionRow> captions,
        List<QuestionRow> questions,
        List<FindingRow> findings,
        List<Totals> totals) {

    /**
     * The pictures that one image id of a source stands for. Files that count their images alike, as exports with a file
     * per split do, give one id to several pictures; files that describe the same picture in the same split are joined.
     */
    static List<PictureRecords> of(List<SourcedRecord> records) {
        SourcedRecord first = records.get(0);
        Map<Integer, List<AnnotationRecord>> files = new TreeMap<>();
        for (SourcedRecord sourced : records) {
            files.computeIfAbsent(sourced.file(), absent -> new ArrayList<>()).add(sourced.record());
        }
        List<AnnotationRecord> shared = files.getOrDefault(SourcedRecord.ANY_FILE, List.of());
        files.remove(SourcedRecord.ANY_FILE);
        List<PictureRecords> pictures = new ArrayList<>();
        PictureRecords rest = empty(first);
        for (List<AnnotationRecord> ofFile : files.values()) {
            Optional<ImageRow> image = image(ofFile);
            if (image.isPresent()) {
                picture(pictures, image.get())
                        .orElseGet(() -> next(pictures, first))
                        .addAll(ofFile);
            } else {
                rest.addAll(ofFile);
            }
        }
        (pictures.size() == 1 ? pictures.get(0) : rest).addAll(shared);
        if (!rest.isEmpty()) {
            pictures.add(rest);
        }
        return pictures;
    }

    private static PictureRecords empty(SourcedRecord of) {
        return new PictureRecords(
                of.source(),
                of.imageHash(),
                of.record().imageId(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    private static Optional<ImageRow> image(List<AnnotationRecord> records) {
        return records.stream()
                .filter(ImageRow.class::isInstance)
                .map(ImageRow.class::cast)
                .findFirst();
    }

    private static PictureRecords next(List<PictureRecords> pictures, SourcedRecord of) {
        PictureRecords picture = empty(of);
        pictures.add(picture);
        return picture;
    }

    /** The picture of this name, below whatever folder, unless both state a split and not the same. */
    private static Optional<PictureRecords> picture(List<PictureRecords> pictures, ImageRow row) {
        return pictures.stream()
                .filter(picture -> {
                    ImageRow known = picture.images.get(0);
                    boolean sameSplit = known.split().equals(row.split())
                            || known.split().isEmpty()
                            || row.split().isEmpty();
                    return sameSplit && lastPart(known.fileName()).equals(lastPart(row.fileName()));
                })
                .findFirst();
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private boolean isEmpty() {
        return objects.isEmpty() && captions.isEmpty() && questions.isEmpty() && findings.isEmpty() && totals.isEmpty();
    }

    /** The split that the source states, empty where it states none. */
    String split() {
        return images.stream()
                .map(ImageRow::split)
                .filter(split -> !split.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The value of the column that pictures are grouped by, empty where there is none. */
    String group() {
        return images.stream()
                .map(ImageRow::group)
                .filter(group -> !group.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** What is known of classes without an object: the file that says least about them decides. */
    Known known() {
        return images.stream()
                .map(ImageRow::known)
                .filter(known -> !known.complete())
                .findFirst()
                .orElse(Known.EVERYTHING);
    }

    /** What tells the picture from others of its source. */
    String key() {
        return images.isEmpty() ? imageId : imageId + " " + images.get(0).fileName();
    }

    private void addAll(List<AnnotationRecord> records) {
        Set<String> taken = new HashSet<>();
        objects.forEach(object -> taken.add("object " + object.objectId()));
        captions.forEach(caption -> taken.add("caption " + caption.captionId()));
        questions.forEach(question -> taken.add("question " + question.questionId()));
        for (AnnotationRecord annotation : records) {
            if (annotation instanceof ImageRow row) {
                images.add(row);
            } else if (annotation instanceof ObjectRow row) {
                objects.add(row.withId(free("object ", row.objectId(), taken)));
            } else if (annotation instanceof CaptionRow row) {
                captions.add(row.withId(free("caption ", row.captionId(), taken)));
            } else if (annotation instanceof QuestionRow row) {
                questions.add(row.withId(free("question ", row.questionId(), taken)));
            } else if (annotation instanceof FindingRow row) {
                findings.add(row);
            } else if (annotation instanceof Totals row) {
                totals.add(row);
            }
        }
    }

    /** The id, told apart from the same one in another file of the picture. */
    private static String free(String kind, String id, Set<String> taken) {
        String free = id;
        for (int file = 2; taken.contains(kind + free); file++) {
            free = id + "#" + file;
        }
        return free;
    }
}

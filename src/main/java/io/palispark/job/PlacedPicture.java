package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.dataset.Draw;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.ImageSource;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A picture and what is decided about it before it is opened.
 *
 * @param found its file, under its name in rows; empty for one that is not drawn or not there
 * @param place where its rows go
 * @param copies how often they are written; 0 for a picture that is not drawn
 * @param leftOut classes on it that have got their pictures elsewhere, sorted
 */
record PlacedPicture(
        PictureRecords records,
        Optional<ImageSource.Found> found,
        SplitPlan.Place place,
        int copies,
        Set<String> leftOut) {

    static PlacedPicture of(PictureRecords picture, Mixture mixture, SplitPlan splits, LabelRules labels)
            throws IOException {
        Optional<ImageSource.Found> found = mixture.find(picture);
        SplitPlan.Place place =
                splits.place(found.map(ImageSource.Found::name).orElse(""), picture.group(), picture.split());
        Draw draw = mixture.of(picture).draw();
        int copies = place.split() == SplitPlan.Split.TRAIN ? draw.copies(picture.key()) : 1;
        // a record without a picture is an orphan, drawn or not
        boolean drawn = picture.images().isEmpty() || draw.draws(picture.key());
        return new PlacedPicture(picture, found, place, drawn ? copies : 0, leftOut(picture, draw, labels));
    }

    private static Set<String> leftOut(PictureRecords picture, Draw draw, LabelRules labels) {
        if (draw.lastOfClass().isEmpty()) {
            return Set.of();
        }
        return picture.objects().stream()
                .map(ObjectRow::label)
                .flatMap(label -> labels.used(label).stream())
                .filter(label -> !draw.draws(label, picture.key()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same picture, kept when it is read. */
    PlacedPicture watchedBy(KeptPictures kept) {
        return new PlacedPicture(records, kept.watch(found), place, copies, leftOut);
    }

    /** What other pictures may change about it. */
    String fate() {
        return place + " " + copies + " " + leftOut;
    }
}

package io.palispark.job;

import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Known;
import io.palispark.geometry.ImageSize;
import java.util.List;

/**
 * A picture that was let in, with its objects held against it.
 *
 * @param placed what the annotations say about it, and where its rows go; one image row at least
 * @param image its name as rows state it
 * @param size height and width in the frame the trainer will see
 * @param objects in that frame, in source order; refused ones are left out
 * @param known which classes without an object may be asked for
 */
record AdmittedPicture(PlacedPicture placed, String image, ImageSize size, List<CheckedObject> objects, Known known) {

    PictureRecords records() {
        return placed.records();
    }
}

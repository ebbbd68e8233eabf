package io.palispark.job;

import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Known;
import io.palispark.dataset.SplitPlan;
import io.palispark.geometry.ImageSize;
import java.util.List;

/**
 * A picture that was let in, with its objects held against it.
 *
 * @param records what the annotations say about it; one image row at least
 * @param image its name below the image root
 * @param size height and width in the frame the trainer will see
 * @param place where its rows go
 * @param known which classes without an object may be asked for
 * @param objects in that frame, in source order; refused ones are left out
 */
record AdmittedPicture(
        PictureRecords records,
        String image,
        ImageSize size,
        List<CheckedObject> objects,
        SplitPlan.Place place,
        Known known) {}

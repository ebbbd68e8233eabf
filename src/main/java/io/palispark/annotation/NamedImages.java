package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;

/** Pictures of formats that name them in every row: each becomes an image row, or a reject, when it is first met. */
final class NamedImages {

    private final IdIndex met = new IdIndex();
    private final RecordQueue out;

    NamedImages(RecordQueue out) {
        this.out = out;
    }

    /** Emits the picture unless it was; its name is its id. */
    void meet(String stated, int height, int width, SizeClaim claim, String split, String place) {
        meet(stated, height, width, claim, split, "", place);
    }

    /** As above, for a picture that belongs to a group. */
    void meet(String stated, int height, int width, SizeClaim claim, String split, String group, String place) {
        if (met.putIfAbsent("n" + stated, 1) != IdIndex.ABSENT) {
            return;
        }
        out.seen(RowKind.IMAGE);
        if (stated.isBlank()) {
            out.reject(stated, RowKind.IMAGE, "", ReasonCode.IMAGE_NAME_MISSING, place + " names no picture");
            return;
        }
        String safe = SafeName.of(stated).map(SafeName::path).orElse("");
        if (safe.isEmpty()) {
            out.reject(stated, RowKind.IMAGE, "", ReasonCode.IMAGE_NAME_UNSAFE, place + ": " + Defect.quote(stated));
            return;
        }
        out.add(new ImageRow(stated, safe, height, width, claim, split).inGroup(group));
    }
}

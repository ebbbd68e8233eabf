package io.palispark.annotation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Why a record was rejected, repaired or flagged: one code per cause, whatever the format. */
public enum ReasonCode {
    SYNTAX_INVALID,
    FILE_EMPTY,
    ENCODING_INVALID,
    DOCUMENT_KIND_UNEXPECTED,
    /** The file has more bytes than a reader takes into memory at once. */
    FILE_TOO_LARGE,
    COLUMN_MISSING,
    FIELD_COUNT_INVALID,
    LIST_LENGTH_MISMATCH,
    /** XML with a document type or an entity declaration. */
    ENTITY_FORBIDDEN,
    /** A pickle that asks for anything but list, dict, tuple, text, number, truth value or None. */
    PICKLE_FORBIDDEN_OBJECT,
    /** Two metadata files of different kinds describe one folder. */
    METADATA_MIXED,
    KEY_MISSING,
    KEY_DUPLICATE,
    ID_MISSING,
    ID_DUPLICATE,
    ID_TYPE_MIXED,
    ROW_DUPLICATE,
    ANNOTATION_ORPHAN,
    RECORD_CONTRADICTION,
    /** Marked as cancelled or skipped by the annotator. */
    ANNOTATION_CANCELLED,
    /** A task without annotation, which is no verified negative. */
    ANNOTATION_MISSING,
    /** Several annotators' versions, one chosen. */
    ANNOTATION_MULTIPLE,
    IMAGE_NAME_MISSING,
    IMAGE_NAME_UNSAFE,
    /** The stated file name differs from the picture that the annotation file's own name leads to. */
    IMAGE_NAME_MISMATCH,
    IMAGE_MISSING,
    IMAGE_SIZE_MISSING,
    IMAGE_SIZE_MISMATCH,
    /** The bytes are no image of a known format, for example a web page named .jpg. */
    IMAGE_KIND_UNKNOWN,
    IMAGE_FORMAT_UNSUPPORTED,
    IMAGE_TRUNCATED,
    IMAGE_DAMAGED,
    IMAGE_TOO_LARGE,
    IMAGE_UNREADABLE,
    EXIF_AMBIGUOUS,
    /** The annotation tool's view of the image was turned. */
    IMAGE_ROTATION_UNSUPPORTED,
    CATEGORY_MISSING,
    CATEGORY_UNKNOWN,
    /** The label is used but not declared where the tool declares labels. */
    CATEGORY_UNDECLARED,
    /** The declared number of classes differs from the number of names. */
    CATEGORY_COUNT_MISMATCH,
    CATEGORY_NAME_DUPLICATE,
    CATEGORY_NAME_SEPARATOR,
    NUMBER_INVALID,
    NUMBER_NOT_FINITE,
    BOX_MISSING,
    BOX_FIELD_COUNT,
    BOX_EMPTY,
    /** The far corner lies before the near corner. */
    BOX_INVERTED,
    /** Evidence that the stated coordinate base, 0 or 1, is wrong. */
    BOX_BASE_SUSPECT,
    /** Pixels and shares of the image cannot be told apart. */
    BOX_UNIT_AMBIGUOUS,
    /** A turned box, replaced by its upright bounds. */
    BOX_ROTATED,
    BOX_OUTSIDE_IMAGE,
    BOX_CLIPPED,
    POLYGON_POINT_COUNT,
    POLYGON_ODD_LENGTH,
    POLYGON_OUTSIDE_IMAGE,
    POLYGON_CLIPPED,
    POLYGON_TOO_LARGE,
    SEGMENTATION_EMPTY,
    SEGMENTATION_FLAT,
    SEGMENTATION_KIND_UNKNOWN,
    MASK_EMPTY,
    MASK_UNREADABLE,
    /** A label picture whose size does not fit its image. */
    MASK_SIZE_MISMATCH,
    /** A label picture stored as colours, read back through the colour table. */
    MASK_NOT_INDEXED,
    MASK_COLOUR_UNKNOWN,
    /** A mask or instance number without an object, or the reverse. */
    MASK_UNMATCHED,
    /** A shape without a region, such as a line or a point. */
    SHAPE_KIND_UNSUPPORTED,
    /** Box lines and polygon lines in one YOLO file, read line by line. */
    LINE_KINDS_MIXED,
    RLE_BAD_CHARACTER,
    RLE_TRUNCATED,
    RLE_COUNT_OUT_OF_RANGE,
    RLE_SUM_TOO_SMALL,
    RLE_SUM_TOO_LARGE,
    RLE_SIZE_MISMATCH,
    AREA_MISSING,
    CROWD_FLAG_MISSING,
    VALUE_UNKNOWN,
    /** A character span outside its text. */
    SPAN_OUT_OF_RANGE,
    TEXT_MISSING,
    TEXT_EMPTY,
    TEXT_TOO_LONG,
    TEXT_LINE_BREAK,
    TEXT_CONTROL_CHARACTER,
    ANSWER_COUNT_UNUSUAL,
    /** A crowd region, left out of training rows by policy. */
    CROWD_REGION,
    /** A mask is announced or needed and not there. */
    MASK_MISSING,
    /** The box collapses to no pixel row or column at its rounded crop. */
    CROP_EMPTY,
    /** The round trip through the mask codec keeps less than {@code codec.minimum-iou}. */
    CODEC_IOU_LOW,
    /** The row's suffix does not fit {@code budget.tokens}. */
    BUDGET_EXCEEDED,
    /** More rows in one list of a file than a reader holds the ids of. */
    ROW_COUNT_EXCEEDED,
    /** More objects on one image than {@code limits.objects-per-image}. */
    OBJECT_COUNT_EXCEEDED,
    /** The class has another name by {@code labels.map}. */
    CATEGORY_RENAMED,
    /** The class is dropped by {@code labels.map}. */
    CATEGORY_DROPPED,
    /** No tile shows {@code tiles.least-visible} of the object, and the whole picture is not asked about. */
    OBJECT_CUT_BY_TILES,
    /** The class is not in {@code labels.keep}. */
    CATEGORY_FILTERED,
    /** Stated as training and, by its picture or a near-duplicate, also in validation or test. */
    SPLIT_CONTAMINATED,
    /** The picture states no value for {@code split.column}: it stands for itself. */
    SPLIT_GROUP_MISSING,
    /** Weight, limit or classes of its source left the record out; counted, not written down. */
    RECORD_NOT_DRAWN,
    /** The record has nothing that the task could ask for. */
    TASK_NOT_APPLICABLE,
    /** Another caption or answer of the same picture was chosen by policy. */
    RECORD_NOT_SELECTED;

    private static final Set<ReasonCode> POLICIES = EnumSet.of(
            CROWD_REGION,
            OBJECT_CUT_BY_TILES,
            CATEGORY_DROPPED,
            CATEGORY_FILTERED,
            SPLIT_CONTAMINATED,
            TASK_NOT_APPLICABLE,
            RECORD_NOT_DRAWN,
            RECORD_NOT_SELECTED);

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The kebab-case name written to rejects and manifests. */
    public String code() {
        return code;
    }

    /** True when a setting asks for the rejection and nothing is wrong with the record; gates do not count it. */
    public boolean isPolicy() {
        return POLICIES.contains(this);
    }

    /** True when the record was left out by chance, as its source's settings ask. */
    public boolean isDraw() {
        return this == RECORD_NOT_DRAWN;
    }

    @Override
    public String toString() {
        return code;
    }
}

package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.ObjectCheck;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.MaskResampler;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LabelProblem;
import io.palispark.token.LocationBins;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixDefect;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import io.palispark.token.SuffixWriter;
import io.palispark.vqvae.MaskPaster;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What the SQL functions compute, by the same checks, convention and codec as {@code prepare} and {@code decode}.
 *
 * @param weights as {@link SharedCodecs#codec} takes them
 */
record SqlCodec(String weights, Convention convention) implements Serializable {

    /**
     * The suffix of one object, equal to what {@code prepare} writes for it.
     *
     * @param box empty takes the tight box of the region
     * @param region empty leaves the mask out
     * @return empty for an object that {@code prepare} would reject or write without its mask
     */
    Optional<String> encode(String label, Optional<Box> box, Optional<Region> region, ImageSize image) {
        String stripped = label.strip();
        if (LabelProblem.of(stripped).isPresent()) {
            return Optional.empty();
        }
        ObjectRow row = new ObjectRow("", 0, "", stripped, box.orElse(null), region.orElse(null), Double.NaN, false);
        CheckedObject object = ObjectCheck.check("sql", row, image);
        if (object.isRejected() || object.mask().isPresent() != region.isPresent()) {
            return Optional.empty();
        }
        BoxQuantizer quantizer = new BoxQuantizer(convention);
        LocationBins bins = quantizer.bins(object.box(), image);
        PixelBox crop = quantizer.cropBox(object.box(), image);
        if (bins.isEmpty() || (region.isPresent() && crop.isEmpty())) {
            return Optional.empty();
        }
        Optional<SegmentationCodes> codes = object.mask().map(mask -> codes(mask, crop));
        return Optional.of(new SuffixWriter(convention).write(new SuffixObject(bins, codes, stripped)));
    }

    private SegmentationCodes codes(RunLengthMask mask, PixelBox crop) {
        return SharedCodecs.codec(weights)
                .encoder()
                .encode(List.of(MaskResampler.softMask(mask, crop)))
                .get(0);
    }

    /** The four location tokens of a box, cut to the image; empty when nothing of it is inside. */
    Optional<String> boxTokens(Box box, ImageSize image) {
        Box inside = box.clippedTo(image);
        return inside.isEmpty()
                ? Optional.empty()
                : Optional.of(convention.order().text(new BoxQuantizer(convention).bins(inside, image)));
    }

    /** Rows of {@link SqlTypes#PARSED}. */
    List<Row> parse(String text) {
        return rows(
                SuffixParser.parse(text, Optional.empty(), convention.order()),
                object -> RowFactory.create(
                        List.of(
                                object.box().y1(),
                                object.box().x1(),
                                object.box().y2(),
                                object.box().x2()),
                        object.codes()
                                .map(codes ->
                                        Arrays.stream(codes.toArray()).boxed().toList())
                                .orElse(null),
                        object.label(),
                        null));
    }

    /** Rows of {@link SqlTypes#DECODED}; the masks of one text are decoded together. */
    List<Row> decode(String text, ImageSize image) {
        ParsedSuffix suffix = SuffixParser.parse(text, Optional.empty(), convention.order());
        List<SegmentationCodes> codes = suffix.objects().stream()
                .flatMap(object -> object.codes().stream())
                .toList();
        Iterator<float[]> masks = codes.isEmpty()
                ? List.<float[]>of().iterator()
                : SharedCodecs.codec(weights).decoder().decode(codes).iterator();
        BoxQuantizer quantizer = new BoxQuantizer(convention);
        return rows(suffix, object -> {
            Box box = quantizer.box(object.box(), image);
            Row mask = object.codes()
                    .map(present ->
                            mask(MaskPaster.paste(masks.next(), quantizer.pasteBox(object.box(), image), image)))
                    .orElse(null);
            return RowFactory.create(object.label(), List.of(box.x(), box.y(), box.width(), box.height()), mask, null);
        });
    }

    /** A row of {@link SqlTypes#MASK}. */
    static Row mask(RunLengthMask mask) {
        return RowFactory.create(List.of(mask.size().height(), mask.size().width()), mask.counts());
    }

    /** Objects and defects in the order in which they stand in the text. */
    private static List<Row> rows(ParsedSuffix suffix, Function<SuffixObject, Row> objectRow) {
        List<Row> rows = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < suffix.objects().size(); i++) {
            int start = suffix.places().get(i).box();
            while (next < suffix.defects().size() && suffix.defects().get(next).at() < start) {
                rows.add(defect(suffix.defects().get(next++)));
            }
            rows.add(objectRow.apply(suffix.objects().get(i)));
        }
        suffix.defects().subList(next, suffix.defects().size()).forEach(defect -> rows.add(defect(defect)));
        return rows;
    }

    private static Row defect(SuffixDefect defect) {
        return RowFactory.create(
                null, null, null, RowFactory.create(defect.code().code(), defect.at(), defect.detail()));
    }
}

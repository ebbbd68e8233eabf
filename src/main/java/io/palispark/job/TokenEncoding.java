package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.CocoSegmentation;
import io.palispark.annotation.ReadLimits;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.MaskResampler;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LabelProblem;
import io.palispark.token.LocationBins;
import io.palispark.token.NormalizedBox;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixWriter;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskPaster;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code tokens encode}: one object's COCO segmentation, with its box as fractions of the image or else the mask's tight
 * box, to the suffix, the codes, and the IoU of the mask that comes back from them. A segmentation that had to be
 * repaired says so in {@code warnings}.
 */
public final class TokenEncoding implements RecordStep {

    private static final int EDGES = 4;

    private final MaskCodec codec;
    private final BoxQuantizer quantizer;
    private final SuffixWriter writer;

    public TokenEncoding(MaskCodec codec, Convention convention) {
        this.codec = codec;
        this.quantizer = new BoxQuantizer(convention);
        this.writer = new SuffixWriter(convention);
    }

    @Override
    public void answer(ObjectNode record, ObjectNode answer) throws RecordReject {
        ImageSize image = RecordFields.imageSize(record);
        String label = label(record);
        CocoSegmentation segmentation = segmentation(record);
        RunLengthMask mask = mask(segmentation.region().orElseThrow(), image);
        NormalizedBox box = box(record, mask, image);
        PixelBox crop = quantizer.cropBox(box, image);
        if (crop.isEmpty()) {
            throw new RecordReject(ReasonCode.CROP_EMPTY, box + " rounds to no pixel of a " + image + " image");
        }
        float[] soft = MaskResampler.softMask(mask, crop);
        SegmentationCodes codes = codec.encoder().encode(List.of(soft)).get(0);
        LocationBins bins = quantizer.bins(box);
        answer.put("suffix", writer.write(new SuffixObject(bins, Optional.of(codes), label)));
        RecordFields.addCodes(answer.putArray("codes"), codes);
        answer.put("round_trip_iou", roundTrip(codes, bins, image).iou(mask));
        segmentation
                .reason()
                .ifPresent(reason -> answer.putArray("warnings")
                        .addObject()
                        .put("code", reason.code())
                        .put("detail", segmentation.detail()));
    }

    private RunLengthMask roundTrip(SegmentationCodes codes, LocationBins bins, ImageSize image) {
        float[] decoded = codec.decoder().decode(List.of(codes)).get(0);
        return MaskPaster.paste(decoded, quantizer.pasteBox(bins, image), image);
    }

    private static String label(ObjectNode record) throws RecordReject {
        String label = RecordFields.optionalText(record, "label").orElse("").strip();
        Optional<LabelProblem> problem = LabelProblem.of(label);
        if (problem.isPresent()) {
            ReasonCode reason = switch (problem.get()) {
                case SEPARATOR, TOKEN -> ReasonCode.CATEGORY_NAME_SEPARATOR;
                case CONTROL_CHARACTER -> ReasonCode.TEXT_CONTROL_CHARACTER;
                case OUTER_SPACE -> ReasonCode.VALUE_UNKNOWN;
            };
            throw new RecordReject(reason, "label \"" + label + "\" cannot stand in a suffix");
        }
        return label;
    }

    private static CocoSegmentation segmentation(ObjectNode record) throws RecordReject {
        if (!record.hasNonNull("segmentation")) {
            throw new RecordReject(ReasonCode.SEGMENTATION_EMPTY, "the record has no segmentation");
        }
        CocoSegmentation segmentation;
        try {
            segmentation = CocoSegmentation.read(record.get("segmentation").traverse(), ReadLimits.DEFAULT);
        } catch (IOException e) {
            throw new RecordReject(ReasonCode.SEGMENTATION_KIND_UNKNOWN, e.getMessage());
        }
        if (segmentation.region().isEmpty()) {
            throw new RecordReject(segmentation.reason().orElse(ReasonCode.SEGMENTATION_EMPTY), segmentation.detail());
        }
        return segmentation;
    }

    private static RunLengthMask mask(Region region, ImageSize image) throws RecordReject {
        if (region instanceof PolygonRegion polygons) {
            return PolygonRasterizer.rasterize(polygons, image);
        }
        RunLengthMask mask = (RunLengthMask) region;
        if (!mask.size().equals(image)) {
            throw new RecordReject(
                    ReasonCode.RLE_SIZE_MISMATCH, "the mask is " + mask.size() + " and the image " + image);
        }
        return mask;
    }

    private static NormalizedBox box(ObjectNode record, RunLengthMask mask, ImageSize image) throws RecordReject {
        if (!record.hasNonNull("box")) {
            if (mask.isEmpty()) {
                throw new RecordReject(ReasonCode.MASK_EMPTY, "the segmentation covers no pixel and there is no box");
            }
            return NormalizedBox.of(mask.bounds(), image);
        }
        JsonNode box = record.get("box");
        if (!box.isArray() || box.size() != EDGES) {
            throw new RecordReject(ReasonCode.BOX_FIELD_COUNT, "box must be [ymin, xmin, ymax, xmax]");
        }
        float[] edges = new float[EDGES];
        for (int i = 0; i < EDGES; i++) {
            edges[i] = (float) box.get(i).asDouble(Double.NaN);
            if (!box.get(i).isNumber() || !Float.isFinite(edges[i])) {
                throw new RecordReject(ReasonCode.NUMBER_INVALID, "box holds " + box.get(i));
            }
        }
        return new NormalizedBox(edges[0], edges[1], edges[2], edges[3]);
    }
}

package io.palispark.job;

import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.EncodedObject;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.MaskResampler;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.spark.WorkCounters;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixObject;
import io.palispark.vqvae.CodeRefiner;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskEncoder;
import io.palispark.vqvae.RefinementEffort;
import io.palispark.vqvae.RoundTrip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns checked objects into tokens, many masks per session call, and measures what the codec keeps when asked to. */
final class ObjectEncoding {

    private final BoxQuantizer quantizer;
    private final MaskCodec codec;
    private final RoundTrip roundTrip;
    private final PrepareConfig.Codec settings;

    ObjectEncoding(Convention convention, MaskCodec codec, PrepareConfig.Codec settings) {
        this.quantizer = new BoxQuantizer(convention);
        this.codec = codec;
        this.roundTrip = new RoundTrip(codec, convention);
        this.settings = settings;
    }

    /** An object and the size of its picture. */
    record Placed(CheckedObject object, ImageSize image) {}

    /**
     * An object in tokens.
     *
     * @param roundTripIou IoU of the decoded and pasted mask with the original; empty when not measured
     * @param reject why it is not usable after all; empty when it is
     */
    record Encoded(EncodedObject object, Optional<Double> roundTripIou, Optional<ReasonCode> reject) {}

    /** Encodes in the given order; masks only where {@code masks} asks for them. */
    List<Encoded> encode(List<Placed> objects, Masks masks) {
        List<Placed> withCrop = new ArrayList<>();
        List<float[]> soft = new ArrayList<>();
        if (masks == Masks.ENCODED) {
            for (Placed placed : objects) {
                crop(placed).ifPresent(crop -> {
                    withCrop.add(placed);
                    soft.add(MaskResampler.softMask(placed.object().mask().orElseThrow(), crop));
                });
            }
        }
        List<Tokens> tokens = tokens(withCrop, soft);
        List<Encoded> result = new ArrayList<>();
        int next = 0;
        for (Placed placed : objects) {
            boolean encoded = next < withCrop.size() && withCrop.get(next) == placed;
            result.add(encoded(placed, encoded ? Optional.of(tokens.get(next)) : Optional.empty()));
            next += encoded ? 1 : 0;
        }
        return settings.minimumIou() > 0 ? measured(objects, result) : result;
    }

    /** Whether any task of the run needs masks. */
    enum Masks {
        ENCODED,
        LEFT_OUT
    }

    private Optional<PixelBox> crop(Placed placed) {
        return placed.object()
                .mask()
                .map(mask -> quantizer.cropBox(placed.object().box(), placed.image()))
                .filter(crop -> !crop.isEmpty());
    }

    private record Tokens(LocationBins bins, SegmentationCodes codes) {}

    private List<Tokens> tokens(List<Placed> objects, List<float[]> soft) {
        List<Tokens> tokens = new ArrayList<>();
        for (int from = 0; from < soft.size(); from += settings.batch()) {
            int to = Math.min(soft.size(), from + settings.batch());
            WorkCounters.batch(to - from);
            tokens.addAll(
                    switch (settings.codes()) {
                        case ENCODER -> encoderTokens(objects.subList(from, to), soft.subList(from, to));
                        case REFINED -> refinedTokens(objects.subList(from, to), soft.subList(from, to));
                    });
        }
        return tokens;
    }

    private List<Tokens> encoderTokens(List<Placed> objects, List<float[]> soft) {
        List<SegmentationCodes> codes = codec.encoder().encode(soft);
        List<Tokens> tokens = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            tokens.add(new Tokens(bins(objects.get(i)), codes.get(i)));
        }
        return tokens;
    }

    private List<Tokens> refinedTokens(List<Placed> objects, List<float[]> soft) {
        CodeRefiner refiner = new CodeRefiner(codec, quantizer, RefinementEffort.DEFAULT);
        List<MaskEncoder.Encoding> encodings = codec.encoder().encodeWithDistances(soft);
        List<Tokens> tokens = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            RunLengthMask mask = objects.get(i).object().mask().orElseThrow();
            CodeRefiner.Refinement refined = refiner.refine(mask, bins(objects.get(i)), encodings.get(i));
            tokens.add(new Tokens(refined.bins(), refined.codes()));
        }
        return tokens;
    }

    private LocationBins bins(Placed placed) {
        return quantizer.bins(placed.object().box(), placed.image());
    }

    private Encoded encoded(Placed placed, Optional<Tokens> tokens) {
        CheckedObject object = placed.object();
        LocationBins bins = tokens.map(Tokens::bins).orElseGet(() -> bins(placed));
        double area = object.mask()
                .map(mask -> (double) mask.area())
                .orElse(object.box().area());
        EncodedObject encoded = new EncodedObject(
                object.source().objectId(),
                object.source().sequence(),
                area,
                new SuffixObject(
                        bins, tokens.map(Tokens::codes), object.source().label()),
                object.findings().stream().map(Finding::reason).toList());
        return new Encoded(
                encoded, Optional.empty(), bins.isEmpty() ? Optional.of(ReasonCode.CROP_EMPTY) : Optional.empty());
    }

    private List<Encoded> measured(List<Placed> objects, List<Encoded> encoded) {
        List<SegmentationCodes> codes = encoded.stream()
                .flatMap(object -> object.object().suffix().codes().stream())
                .toList();
        List<float[]> decoded = new ArrayList<>();
        for (int from = 0; from < codes.size(); from += settings.batch()) {
            decoded.addAll(codec.decoder()
                    .decode(codes.subList(from, Math.min(codes.size(), from + settings.batch()))));
        }
        List<Encoded> result = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < encoded.size(); i++) {
            boolean hasMask = encoded.get(i).object().hasMask();
            result.add(hasMask ? judged(objects.get(i), encoded.get(i), decoded.get(next)) : encoded.get(i));
            next += hasMask ? 1 : 0;
        }
        return result;
    }

    private Encoded judged(Placed placed, Encoded encoded, float[] decoded) {
        RunLengthMask original = placed.object().mask().orElseThrow();
        SuffixObject tokens = encoded.object().suffix();
        double iou = roundTrip
                .paste(original, tokens.box(), tokens.codes().orElseThrow(), decoded)
                .iou();
        if (iou >= settings.minimumIou()) {
            return new Encoded(encoded.object(), Optional.of(iou), encoded.reject());
        }
        return switch (settings.belowMinimum()) {
            case KEEP -> new Encoded(encoded.object(), Optional.of(iou), encoded.reject());
            case WARN -> new Encoded(flagged(encoded.object()), Optional.of(iou), encoded.reject());
            case DROP -> new Encoded(encoded.object(), Optional.of(iou), Optional.of(ReasonCode.CODEC_IOU_LOW));
        };
    }

    private static EncodedObject flagged(EncodedObject object) {
        List<ReasonCode> warnings = new ArrayList<>(object.warnings());
        warnings.add(ReasonCode.CODEC_IOU_LOW);
        return new EncodedObject(object.objectId(), object.sequence(), object.area(), object.suffix(), warnings);
    }
}

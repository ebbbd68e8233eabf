package io.palispark.job;

import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.image.ContentRead;
import io.palispark.image.DecodedImage;
import io.palispark.image.Decoding;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFacts;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageProbe;
import io.palispark.image.RgbDecoder;
import io.palispark.image.RgbImage;
import io.palispark.job.Prediction.Failure;
import io.palispark.paligemma.PaliGemma;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PictureFrames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A picture and its requests to what the model takes: read, decoded, squeezed to small squares. Any thread. */
final class PictureReading implements PictureFeed.Work<GeneratePart.Picture, PictureReading.Reading> {

    private static final String IMAGE_MARKER = "<image>";

    /** What decoding holds for a pixel: the raster of the file and its RGB. */
    private static final long PIXEL_BYTES = 6;

    private final GenerateConfig config;
    private final String root;
    private final PaliGemma model;
    private final RgbDecoder decoder;
    private final ImageProbe probe;

    /** @param root where names of pictures start */
    PictureReading(GenerateConfig config, String root, PaliGemma model) {
        this.config = config;
        this.root = root;
        this.model = model;
        this.decoder = new RgbDecoder(config.limits());
        this.probe = new ImageProbe(config.limits());
    }

    /** A request that cannot be asked. */
    record Malformed(GenerateRequest request, String fault) {}

    /**
     * What came of a picture.
     *
     * @param asked requests that can be asked; where there are none, nothing was looked at
     */
    record Reading(List<Malformed> malformed, List<GenerateRequest> asked, Sight sight) {}

    /** What there is to see. */
    sealed interface Sight permits Unseen, Seen {}

    record Unseen(Failure failure) implements Sight {}

    record Seen(ImageSize picture, List<Block> blocks) implements Sight {}

    /** A block of the picture as the model sees it, and what is asked about it. */
    record Block(PixelBox place, List<GenerateRequest> asked, RgbImage square) {}

    @Override
    public Reading make(GeneratePart.Picture picture, PictureFeed.Share share)
            throws IOException, InterruptedException {
        List<Malformed> malformed = new ArrayList<>();
        List<GenerateRequest> asked = new ArrayList<>();
        for (GenerateRequest request : picture.requests()) {
            String fault = fault(request);
            if (fault.isEmpty()) {
                asked.add(request);
            } else {
                malformed.add(new Malformed(request, fault));
            }
        }
        if (picture.found().isEmpty() || asked.isEmpty()) {
            Failure missing =
                    new Failure(ReasonCode.IMAGE_MISSING.code(), "no file " + picture.image() + " below " + root);
            return new Reading(malformed, asked, new Unseen(missing));
        }
        return new Reading(malformed, asked, look(picture.found().get(), asked, share));
    }

    /** Why a request cannot be asked; empty when it can. */
    private String fault(GenerateRequest request) {
        if (!request.fault().isEmpty()) {
            return request.fault();
        }
        if (request.prefix().contains(IMAGE_MARKER)) {
            return "the prompt spells " + IMAGE_MARKER + ", which stands before it by itself";
        }
        int tokens = model.tokenizer().count(request.prefix());
        return tokens <= config.generation().promptTokens()
                ? ""
                : "the prompt has " + tokens + " tokens and limits.prompt-tokens is "
                        + config.generation().promptTokens();
    }

    private Sight look(ImageSource.Found found, List<GenerateRequest> asked, PictureFeed.Share share)
            throws IOException, InterruptedException {
        long encoded = Math.min(found.bytes(), config.limits().maximumBytes());
        share.take(encoded);
        ContentRead content = found.read();
        long pixels = PIXEL_BYTES * pixels(content);
        share.take(pixels);
        Decoding decoding = decode(content);
        Sight sight = decoding instanceof DecodedImage decoded
                ? seen(decoded.pixels(), asked, share)
                : unseen((ImageFault) decoding);
        share.giveBack(encoded + pixels);
        return sight;
    }

    private long pixels(ContentRead content) {
        return content instanceof ImageContent encoded && probe.inspect(encoded.bytes()) instanceof ImageFacts facts
                ? facts.storedSize().pixels()
                : 0;
    }

    private Decoding decode(ContentRead content) {
        return content instanceof ImageContent encoded
                ? decoder.decode(encoded.bytes(), config.input().frame())
                : (ImageFault) content;
    }

    private static Unseen unseen(ImageFault fault) {
        return new Unseen(new Failure(PictureFrames.reason(fault).code(), fault.detail()));
    }

    /** Each block is squeezed to the model's square once, whatever is asked about it. */
    private Seen seen(RgbImage picture, List<GenerateRequest> asked, PictureFeed.Share share)
            throws InterruptedException {
        Map<PixelBox, List<GenerateRequest>> places = new LinkedHashMap<>();
        for (GenerateRequest request : asked) {
            for (PixelBox place : config.tiling().blocks(picture.size(), request.prefix())) {
                places.computeIfAbsent(place, absent -> new ArrayList<>()).add(request);
            }
        }
        share.take(3L * model.side() * model.side() * places.size());
        List<Block> blocks = new ArrayList<>();
        places.forEach((place, requests) -> blocks.add(new Block(place, requests, model.square(picture.crop(place)))));
        return new Seen(picture.size(), blocks);
    }
}

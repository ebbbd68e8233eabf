package io.palispark.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxForm;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixObject;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskPaster;
import java.util.List;

/**
 * {@code tokens decode}: model text to boxes in pixels, pasted masks and labels. Boxes keep the corners as written, so
 * those of {@code box-reversed} defects have negative extents, and their masks are empty.
 */
public final class TokenDecoding implements RecordStep {

    private final MaskCodec codec;
    private final BoxQuantizer quantizer;
    private final BoxForm form;

    public TokenDecoding(MaskCodec codec, Convention convention) {
        this.codec = codec;
        this.quantizer = new BoxQuantizer(convention);
        this.form = convention.order();
    }

    @Override
    public void answer(ObjectNode record, ObjectNode answer) throws RecordReject {
        ImageSize image = RecordFields.imageSize(record);
        ParsedSuffix suffix = RecordFields.suffix(record, form);
        ArrayNode objects = answer.putArray("objects");
        for (SuffixObject object : suffix.objects()) {
            ObjectNode node = objects.addObject();
            Box box = quantizer.box(object.box(), image);
            node.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
            if (object.codes().isPresent()) {
                putMask(
                        node.putObject("segmentation"),
                        mask(object, object.codes().get(), image));
            } else {
                node.putNull("segmentation");
            }
            node.put("label", object.label());
        }
        RecordFields.addDefects(answer.putArray("defects"), suffix);
    }

    private RunLengthMask mask(SuffixObject object, SegmentationCodes codes, ImageSize image) {
        float[] decoded = codec.decoder().decode(List.of(codes)).get(0);
        return MaskPaster.paste(decoded, quantizer.pasteBox(object.box(), image), image);
    }

    private static void putMask(ObjectNode node, RunLengthMask mask) {
        node.putArray("size").add(mask.size().height()).add(mask.size().width());
        node.put("counts", mask.counts());
    }
}

package io.palispark.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CVAT XML 1.1, of pictures or of the tracks of a video; one document each. */
final class CvatFormat implements FormatDefinition {

    private static final Pattern ROOT = Pattern.compile("<annotations[\\s>]");
    private static final Pattern FRAME = Pattern.compile("(.*?)(frame_)\\d{6}(\\.\\w+)");
    private static final int SNIFFED_BYTES = 1 << 12;

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(
                FormatContent.BOXES,
                FormatContent.MASKS,
                FormatContent.ROTATION,
                FormatContent.SIZES,
                FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : files.unclaimed(name -> name.endsWith(".xml") || name.endsWith(".xml.gz"))) {
            if (files.isStated() || isCvat(file)) {
                AnnotationInput.Entry entry = AnnotationInput.Entry.of(file, frames(files.pictures()));
                inputs.add(new AnnotationInput(
                        AnnotationFormat.CVAT,
                        file.name(),
                        List.of(entry),
                        java.util.Map.of(),
                        files.why("the root element is annotations")));
            }
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    private static boolean isCvat(AnnotationSource file) throws IOException {
        try (InputStream stream = JsonDocument.bytes(file)) {
            String start = new String(stream.readNBytes(SNIFFED_BYTES), StandardCharsets.ISO_8859_1);
            return ROOT.matcher(start).find();
        }
    }

    /** Where the frames of a video are, with a star for the number of six digits. */
    private static String frames(PictureNames pictures) {
        Matcher frame = FRAME.matcher(pictures.like("frame_000000").orElse(""));
        return frame.matches() ? frame.group(1) + frame.group(2) + "*" + frame.group(3) : "frame_*.jpg";
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CvatReader.open(input, limits);
    }
}

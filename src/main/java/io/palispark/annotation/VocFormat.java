package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Pascal VOC: an XML file a picture, with instance masks in {@code SegmentationObject} and splits in
 * {@code ImageSets/Main} where they are. Pixel indices count from 1 as in the devkit, or from 0 as many tools write
 * them; a 0 among the first files tells the latter.
 */
final class VocFormat implements FormatDefinition {

    /** Role of the instance numbers of an entry's picture. */
    static final String INSTANCES = "instances";
    /** Roles of the lists of pictures of a split start with this. */
    static final String SPLIT = "split ";

    private static final Pattern ROOT = Pattern.compile("<annotation[\\s>/]");
    private static final Pattern ZERO = Pattern.compile("<[xy]min>\\s*0(\\.0*)?\\s*</");
    private static final List<String> SPLITS = List.of("train", "val", "test");
    private static final int SNIFFED_FILES = 32;
    private static final int SNIFFED_BYTES = 1 << 16;

    private final VocBase base;

    VocFormat(VocBase base) {
        this.base = base;
    }

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SIZES, FormatContent.SPLITS);
    }

    private AnnotationFormat format() {
        return switch (base) {
            case ONE -> AnnotationFormat.VOC;
            case ZERO -> AnnotationFormat.VOC_ZERO_BASED;
        };
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        Map<String, List<AnnotationSource>> folders = new LinkedHashMap<>();
        for (AnnotationSource file : files.unclaimed(name -> name.endsWith(".xml"))) {
            folders.computeIfAbsent(PictureNames.folder(file.name()), folder -> new ArrayList<>())
                    .add(file);
        }
        List<AnnotationInput> inputs = new ArrayList<>();
        for (Map.Entry<String, List<AnnotationSource>> folder : folders.entrySet()) {
            List<String> starts = starts(folder.getValue());
            VocBase told = starts.stream().anyMatch(start -> ZERO.matcher(start).find()) ? VocBase.ZERO : VocBase.ONE;
            boolean isVoc =
                    starts.stream().anyMatch(start -> ROOT.matcher(start).find());
            if (files.isStated() || (isVoc && told == base)) {
                inputs.addAll(inputs(files, folder.getKey(), folder.getValue()));
            }
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    private List<AnnotationInput> inputs(FileListing files, String folder, List<AnnotationSource> documents) {
        String root = PictureNames.folder(folder);
        String above = root.isEmpty() ? "" : root + "/";
        List<Entry> entries = new ArrayList<>();
        for (AnnotationSource file : documents) {
            String stem = PictureNames.lastPart(PictureNames.stem(file.name()));
            Map<String, AnnotationSource> own = new HashMap<>(Map.of(AnnotationInput.MAIN, file));
            files.find(above + "SegmentationObject/" + stem + ".png").ifPresent(png -> own.put(INSTANCES, png));
            entries.add(new Entry(file.name(), picture(files.pictures(), folder, above, stem), Map.copyOf(own)));
        }
        Map<String, AnnotationSource> shared = new HashMap<>();
        for (String split : SPLITS) {
            files.find(above + "ImageSets/Main/" + split + ".txt").ifPresent(list -> shared.put(SPLIT + split, list));
        }
        String counted = switch (base) {
            case ONE -> "from 1, as no 0 was seen";
            case ZERO -> "from 0, as a 0 was seen";
        };
        String why = files.why("the root element is annotation; pixel indices count " + counted);
        return AnnotationInput.groups(format(), entries, Map.copyOf(shared), why);
    }

    /** In JPEGImages, else beside the XML, else wherever the only picture of this name is. */
    private static String picture(PictureNames pictures, String folder, String above, String stem) {
        String beside = folder.isEmpty() ? stem : folder + "/" + stem;
        return pictures.like(above + "JPEGImages/" + stem)
                .or(() -> pictures.like(beside))
                .orElse("");
    }

    /** The first bytes of the first documents. */
    static List<String> starts(List<AnnotationSource> files) throws IOException {
        List<String> starts = new ArrayList<>();
        for (AnnotationSource file : files.subList(0, Math.min(SNIFFED_FILES, files.size()))) {
            try (InputStream stream = file.open()) {
                starts.add(new String(stream.readNBytes(SNIFFED_BYTES), StandardCharsets.ISO_8859_1));
            }
        }
        return starts;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        try {
            Map<String, String> splits = new HashMap<>();
            for (Map.Entry<String, AnnotationSource> list : input.shared().entrySet()) {
                String split = list.getKey().substring(SPLIT.length());
                for (String line :
                        SmallDocument.text(list.getValue(), limits).lines().toList()) {
                    splits.put(line.strip().split("\\s+")[0], split);
                }
            }
            VocDocument document = new VocDocument(base, splits, limits);
            return EntrySteps.open(input, document::read);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
    }
}

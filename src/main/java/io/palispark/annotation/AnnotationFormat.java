package io.palispark.annotation;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The source formats that readers exist for, in the order in which they are recognised. A new one is a
 * {@link FormatDefinition} and a line here.
 */
public enum AnnotationFormat {
    ADE20K("ade20k", new Ade20kFormat()),
    LABELME("labelme", new LabelMeFormat()),
    LABELME_XML("labelme-xml", new LabelMeXmlFormat()),
    CREATEML("createml", new CreateMlFormat(BoxAnchor.CENTRE)),
    CREATEML_CORNER("createml-corner", new CreateMlFormat(BoxAnchor.CORNER)),
    REFCOCO("refcoco", new ReferringFormat()),
    MDETR("mdetr", new MdetrFormat()),
    COCO("coco", new CocoFormat(CocoDialect.INSTANCES)),
    LVIS("lvis", new CocoFormat(CocoDialect.FEDERATED)),
    COCO_CAPTIONS("coco-captions", new CaptionFormat()),
    COCO_PANOPTIC("coco-panoptic", new PanopticFormat()),
    COCO_TEXT("coco-text", new CocoTextFormat()),
    VQAV2("vqav2", new VqaFormat()),
    YOLO_DETECT("yolo-detect", new YoloFormat(YoloKind.DETECT)),
    YOLO_SEGMENT("yolo-segment", new YoloFormat(YoloKind.SEGMENT)),
    VOC("voc", new VocFormat(VocBase.ONE)),
    VOC_ZERO_BASED("voc-zero-based", new VocFormat(VocBase.ZERO)),
    LABEL_STUDIO("label-studio", new LabelStudioFormat()),
    CVAT("cvat", new CvatFormat()),
    PALIGEMMA_JSONL("paligemma-jsonl", new PaliGemmaFormat(PaliGemmaReader.OFFICIAL_SCALE)),
    PALIGEMMA_JSONL_1024("paligemma-jsonl-1024", new PaliGemmaFormat(1024)),
    HF_IMAGEFOLDER("hf-imagefolder", new ImageFolderFormat()),
    OPEN_IMAGES("open-images", new OpenImagesFormat()),
    CSV("csv", new CsvFormat()),
    CITYSCAPES("cityscapes", new MaskFormat(MaskLayout.CITYSCAPES)),
    MASK_INDICES("mask-indices", new MaskFormat(MaskLayout.INDICES)),
    MASK_COLOURS("mask-colours", new MaskFormat(MaskLayout.COLOURS)),
    MASK_INSTANCES("mask-instances", new MaskFormat(MaskLayout.INSTANCES)),
    MASK_OBJECTS("mask-objects", new MaskFormat(MaskLayout.OBJECTS));

    private final String label;
    private final transient FormatDefinition definition;

    AnnotationFormat(String label, FormatDefinition definition) {
        this.label = label;
        this.definition = definition;
    }

    /** The name in configurations and on the command line. */
    public String label() {
        return label;
    }

    public Set<FormatContent> contents() {
        return definition.contents();
    }

    FormatDefinition definition() {
        return definition;
    }

    public static Optional<AnnotationFormat> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(format -> format.label.equals(label))
                .findFirst();
    }

    /** All labels, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(AnnotationFormat::label).collect(Collectors.joining(" | "));
    }

    @Override
    public String toString() {
        return label;
    }
}

package io.palispark.job;

import io.palispark.evaluation.CountingError;
import io.palispark.evaluation.Detection;
import io.palispark.evaluation.DetectionProtocol;
import io.palispark.evaluation.ImageMatches;
import io.palispark.evaluation.ImageObjects;
import io.palispark.evaluation.Matching;
import io.palispark.evaluation.OperatingPoint;
import io.palispark.evaluation.OrderFreeMatching;
import io.palispark.evaluation.OutlinedMask;
import io.palispark.evaluation.Overlap;
import io.palispark.evaluation.Truth;
import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.EvaluationItem.Answered;
import io.palispark.job.EvaluationItem.Detected;
import io.palispark.job.ImageOutcome.Mean;
import io.palispark.spark.SharedCodecs;
import io.palispark.token.PromptClasses;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Evaluates one image, label by label. One instance a task. */
final class ImageEvaluation {

    /** The overlap of precision, recall, calibration and confusion. */
    static final double OVERLAP = 0.5;

    private final EvaluateConfig config;
    private final EvaluationScope scope;
    private final Matching matching = new Matching(DetectionProtocol.COCO);
    private final Optional<CodecCeiling> ceiling;

    ImageEvaluation(EvaluateConfig config, EvaluationScope scope) {
        this.config = config;
        this.scope = scope;
        this.ceiling = config.metrics().codecCeiling()
                ? Optional.of(new CodecCeiling(SharedCodecs.codec(config.weights()), scope.convention()))
                : Optional.empty();
    }

    /** @param items in the order of their keys, the image first */
    ImageOutcome evaluate(long number, List<EvaluationItem> items) {
        return new Work(number, items).outcome();
    }

    /** Annotated and detected objects of one label. */
    private record Group(List<EvaluationItem.Truth> truths, List<Detected> boxes, List<Detected> masks) {

        static Group empty() {
            return new Group(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        List<EvaluationItem.Truth> truthsWithMask() {
            return truths.stream()
                    .filter(truth -> truth.optionalMask().isPresent())
                    .toList();
        }

        boolean hasMasks() {
            return !masks.isEmpty() || !truthsWithMask().isEmpty();
        }
    }

    /** The work on one image. */
    private final class Work {

        private final long number;
        private final List<EvaluationItem> items;
        private final EvaluationItem.Image image;
        private final TreeMap<String, Group> groups = new TreeMap<>();
        private final List<Detected> boxesInOrder = new ArrayList<>();
        private final List<Detected> masksInOrder = new ArrayList<>();
        private final Map<DetectionVariant, TreeMap<String, ImageMatches>> matches =
                new EnumMap<>(DetectionVariant.class);
        private final TreeMap<String, Long> counts = new TreeMap<>();
        private final TreeMap<String, OperatingPoint> boxPoints = new TreeMap<>();
        private final TreeMap<String, OperatingPoint> maskPoints = new TreeMap<>();
        private Mean boxOverlap = Mean.NONE;
        private Mean maskOverlap = Mean.NONE;
        private Mean ceilingOverlap = Mean.NONE;
        private CountingError counting = CountingError.NONE;

        Work(long number, List<EvaluationItem> items) {
            this.number = number;
            this.items = items;
            this.image = only(EvaluationItem.Image.class).stream().findFirst().orElse(EvaluationItem.Image.NONE);
        }

        ImageOutcome outcome() {
            List<Answered> answers = only(Answered.class);
            boolean isRequested =
                    !answers.isEmpty() || !only(EvaluationItem.Result.class).isEmpty();
            only(EvaluationItem.Fault.class).forEach(fault -> count(fault.reason()));
            if (number != EvaluationItem.Key.NOWHERE) {
                countImage(answers, isRequested);
                if (isRequested || config.images() == EvaluateConfig.Images.ALL) {
                    count("images evaluated");
                    group(answers);
                    groups.forEach(this::evaluate);
                    if (!image.known().complete()) {
                        evaluateFederated();
                    }
                }
            }
            return new ImageOutcome(
                    number,
                    image.id(),
                    image.name(),
                    matches,
                    new ImageOutcome.Sums(
                            counts,
                            boxPoints,
                            maskPoints,
                            boxOverlap,
                            maskOverlap,
                            ceilingOverlap,
                            counting,
                            config.metrics().referring()
                                    ? ReferringPrompts.score(answers, truths(), scope.convention())
                                    : io.palispark.evaluation.ReferringScore.NONE,
                            Confusion.of(truths(), boxes()),
                            TextPrompts.outcomes(
                                    answers,
                                    only(EvaluationItem.Caption.class),
                                    only(EvaluationItem.Question.class),
                                    counts)));
        }

        private <T extends EvaluationItem> List<T> only(Class<T> type) {
            return items.stream().filter(type::isInstance).map(type::cast).toList();
        }

        private void count(String name) {
            counts.merge(name, 1L, Long::sum);
        }

        private void countImage(List<Answered> answers, boolean isRequested) {
            count("images");
            if (!isRequested) {
                count("images without a prediction");
            }
            for (Answered answer : answers) {
                count(answer.failed() ? "predictions failed" : "predictions answered");
                answer.defects().forEach(code -> count("defect:" + code));
            }
        }

        private void group(List<Answered> answers) {
            for (EvaluationItem.Truth truth : only(EvaluationItem.Truth.class)) {
                of(truth.label()).truths().add(truth);
                count(truth.crowd() ? "objects crowd" : "objects");
                if (truth.mask() == null) {
                    count("objects without a mask");
                }
            }
            for (Answered answer : answers) {
                boolean isDetect = PromptClasses.parse(answer.prefix())
                        .filter(prompt -> prompt.task() == PromptClasses.Task.DETECT)
                        .isPresent();
                answer.objects().forEach(object -> add(object, isDetect || !scope.hasDetectPrompts()));
            }
            only(EvaluationItem.Result.class).forEach(result -> add(result.object(), true));
        }

        private void add(Detected stated, boolean countsAsBox) {
            if (!scope.labels().contains(stated.label())) {
                count("detections of unknown label");
                return;
            }
            Detected object = stated.bounded();
            if (countsAsBox) {
                of(object.label()).boxes().add(object);
                boxesInOrder.add(object);
                count("detections");
            }
            if (object.mask() != null) {
                of(object.label()).masks().add(object);
                masksInOrder.add(object);
                count("detections with a mask");
            }
        }

        private Group of(String label) {
            return groups.computeIfAbsent(label, absent -> Group.empty());
        }

        private List<EvaluationItem.Truth> truths() {
            return groups.values().stream()
                    .flatMap(group -> group.truths().stream())
                    .toList();
        }

        private List<Detected> boxes() {
            return groups.values().stream()
                    .flatMap(group -> group.boxes().stream())
                    .toList();
        }

        private void evaluate(String label, Group group) {
            ImageObjects<Box> boxes = objects(
                    group.truths(),
                    EvaluationItem.Truth::box,
                    group.boxes(),
                    Detected::box,
                    object -> object.box().area());
            both(DetectionVariant.BOX, DetectionVariant.BOX_CONSTANT, label, boxes, Overlap.ofBoxes());
            boxPoints.put(label, OrderFreeMatching.count(boxes, Overlap.ofBoxes(), OVERLAP));
            boxOverlap = boxOverlap.plus(BestOverlaps.mean(boxes, Overlap.ofBoxes()));
            long annotated =
                    group.truths().stream().filter(truth -> !truth.crowd()).count();
            counting = counting.plus(CountingError.of(group.boxes().size(), (int) annotated));
            if (group.hasMasks()) {
                evaluateMasks(label, group);
            }
            ceiling.ifPresent(codec -> ceiling(codec, label, group));
        }

        private void evaluateFederated() {
            FederatedMatching<Box> boxes = new FederatedMatching<>(number);
            FederatedMatching<RunLengthMask> masks = new FederatedMatching<>(number);
            for (EvaluationItem.Truth truth : truths()) {
                boxes.truth(truth.label(), new Truth<>(truth.box(), truth.area(), truth.crowd()));
                truth.optionalMask()
                        .ifPresent(mask -> masks.truth(truth.label(), new Truth<>(mask, truth.area(), truth.crowd())));
            }
            for (Detected object : boxesInOrder) {
                Box box = object.box();
                boxes.detection(object.label(), new Detection<>(box, box.area(), object.score()));
            }
            for (Detected object : masksInOrder) {
                masks.detection(object.label(), new Detection<>(object.mask(), object.areaOfMask(), object.score()));
            }
            matches.put(DetectionVariant.FEDERATED_BOX, boxes.matches(image.known(), Overlap.ofBoxes()));
            matches.put(DetectionVariant.FEDERATED_MASK, masks.matches(image.known(), Overlap.ofMasks()));
        }

        private void evaluateMasks(String label, Group group) {
            ImageObjects<RunLengthMask> masks = objects(
                    group.truthsWithMask(),
                    EvaluationItem.Truth::mask,
                    group.masks(),
                    Detected::mask,
                    Detected::areaOfMask);
            both(DetectionVariant.MASK, DetectionVariant.MASK_CONSTANT, label, masks, Overlap.ofMasks());
            maskPoints.put(label, OrderFreeMatching.count(masks, Overlap.ofMasks(), OVERLAP));
            maskOverlap = maskOverlap.plus(BestOverlaps.mean(masks, Overlap.ofMasks()));
            if (config.metrics().boundary()) {
                Map<RunLengthMask, OutlinedMask> outlines = new HashMap<>();
                ImageObjects<OutlinedMask> outlined = objects(
                        group.truthsWithMask(),
                        truth -> outlines.computeIfAbsent(truth.mask(), OutlinedMask::of),
                        group.masks(),
                        object -> outlines.computeIfAbsent(object.mask(), OutlinedMask::of),
                        Detected::areaOfMask);
                put(DetectionVariant.BOUNDARY, label, matching.match(outlined, Overlap.ofBoundaries()));
            }
        }

        private void ceiling(CodecCeiling codec, String label, Group group) {
            CodecCeiling.Perfect perfect = codec.perfect(group.truths());
            ceilingOverlap = ceilingOverlap.plus(perfect.overlap());
            ImageObjects<Box> boxes = objects(
                    group.truths(),
                    EvaluationItem.Truth::box,
                    perfect.objects(),
                    Detected::box,
                    object -> object.box().area());
            put(DetectionVariant.CEILING_BOX, label, matching.match(boxes, Overlap.ofBoxes()));
            ImageObjects<RunLengthMask> masks = objects(
                    group.truthsWithMask(),
                    EvaluationItem.Truth::mask,
                    perfect.objects(),
                    Detected::mask,
                    Detected::areaOfMask);
            put(DetectionVariant.CEILING_MASK, label, matching.match(masks, Overlap.ofMasks()));
        }

        private <S> ImageObjects<S> objects(
                List<EvaluationItem.Truth> truths,
                Function<EvaluationItem.Truth, S> truthShape,
                List<Detected> detected,
                Function<Detected, S> shape,
                Function<Detected, Double> area) {
            return ImageObjects.exhaustive(
                    number,
                    truths.stream()
                            .map(truth -> new Truth<>(truthShape.apply(truth), truth.area(), truth.crowd()))
                            .toList(),
                    detected.stream()
                            .map(object -> new Detection<>(shape.apply(object), area.apply(object), object.score()))
                            .toList());
        }

        /** With the scores as they are, and with every score 1. */
        private <S> void both(
                DetectionVariant scored,
                DetectionVariant constant,
                String label,
                ImageObjects<S> objects,
                Overlap<S> overlap) {
            put(scored, label, matching.match(objects, overlap));
            List<Detection<S>> equal = objects.detections().stream()
                    .map(detection -> new Detection<>(detection.shape(), detection.area(), 1))
                    .toList();
            put(
                    constant,
                    label,
                    matching.match(ImageObjects.exhaustive(objects.image(), objects.truths(), equal), overlap));
        }

        private void put(DetectionVariant variant, String label, ImageMatches found) {
            matches.computeIfAbsent(variant, absent -> new TreeMap<>()).put(label, found);
        }
    }
}

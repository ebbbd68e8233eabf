package io.palispark.job;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.AnswerDefect;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.Prediction.TileText;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.LabelProblem;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Answers about overlapping tiles to one answer about the picture. Two objects of one label from different tiles are one
 * when their boxes agree within the pixels that both tiles see. Of these the one that no seam cuts stays, and the surer of
 * two such; pieces that seams cut are joined. What then overlaps a surer object is suppressed as in any answer.
 */
final class TileStitching {

    /** An edge this near to a seam, in shares of the tile's side, is cut by it: three bins. */
    private static final double NEAR = 3.0 / 1023;

    private static final Comparator<Piece> WHOLE_AND_SURE_FIRST = Comparator.comparing(Piece::isCut)
            .thenComparing(
                    Comparator.comparingDouble((Piece piece) -> piece.object().score())
                            .reversed());

    /** Row by row, and the picture as a whole last. */
    private static final Comparator<TileAnswer> SMALL_FIRST = Comparator.comparingLong((TileAnswer tile) ->
                    (long) tile.block().height() * tile.block().width())
            .thenComparingInt(tile -> tile.block().top())
            .thenComparingInt(tile -> tile.block().left());

    private final double agreement;
    private final OverlapRemoval removal;
    private final BoxQuantizer quantizer;
    private final SuffixWriter writer;

    TileStitching(double agreement, AnswerRules rules) {
        this.agreement = agreement;
        this.removal = new OverlapRemoval(rules.suppression());
        this.quantizer = new BoxQuantizer(rules.convention());
        this.writer = new SuffixWriter(rules.convention());
    }

    /** An answer about a block of the picture, in the block's own pixels. */
    record TileAnswer(PixelBox block, Prediction prediction) {}

    /**
     * An object in the picture's pixels.
     *
     * @param blocks that show it or a part of it
     * @param isCut whether it ends at a seam
     */
    private record Piece(DetectedObject object, List<PixelBox> blocks, boolean isCut) {}

    /**
     * The answer about the picture; the first failure where a tile has none. Its text lists the boxes in the picture's
     * bins and has no tokens, as no model wrote it; what the model wrote stands beside it, tile by tile.
     *
     * @param unordered at least one, all to the same prompt
     */
    Prediction stitch(ImageSize picture, List<TileAnswer> unordered) {
        List<TileAnswer> answers = unordered.stream().sorted(SMALL_FIRST).toList();
        Prediction first = answers.get(0).prediction();
        List<Piece> pieces = new ArrayList<>();
        List<AnswerDefect> defects = new ArrayList<>();
        List<TileText> tiles = new ArrayList<>();
        Optional<Finish> finish = Optional.of(Finish.EOS);
        for (TileAnswer tile : answers) {
            if (tile.prediction().outcome() instanceof Failure failure) {
                return new Prediction(first.image(), first.prefix(), failure);
            }
            Answer answer = (Answer) tile.prediction().outcome();
            tiles.add(new TileText(tile.block(), answer.text()));
            answer.objects().forEach(object -> pieces.add(piece(object, tile.block(), picture)));
            answer.defects().forEach(defect -> defects.add(new AnswerDefect(defect.code(), -1, defect.detail())));
            finish = answer.text().finish().equals(Optional.of(Finish.LENGTH)) ? Optional.of(Finish.LENGTH) : finish;
        }
        List<DetectedObject> joined =
                joined(pieces, defects).stream().map(Piece::object).toList();
        OverlapRemoval.Result kept = removal.apply(joined);
        kept.removed()
                .forEach(place -> defects.add(new AnswerDefect(
                        OverlapRemoval.DEFECT, -1, joined.get(place).label())));
        List<DetectedObject> objects = kept.objects();
        ModelText text = new ModelText(text(objects, picture), List.of(), List.of(), finish);
        return new Prediction(
                first.image(), first.prefix(), new Answer(Optional.of(picture), text, objects, defects, tiles));
    }

    private static Piece piece(DetectedObject object, PixelBox block, ImageSize picture) {
        Box box = new Box(
                object.box().x() + block.left(),
                object.box().y() + block.top(),
                object.box().width(),
                object.box().height());
        double across = NEAR * block.width();
        double down = NEAR * block.height();
        boolean isCut = (block.left() > 0 && box.x() <= block.left() + across)
                || (block.top() > 0 && box.y() <= block.top() + down)
                || (block.right() < picture.width() && box.right() >= block.right() - across)
                || (block.bottom() < picture.height() && box.bottom() >= block.bottom() - down);
        Optional<RunLengthMask> mask = object.mask().map(own -> RunLengthMask.placed(picture, block, own.bitmap()));
        return new Piece(
                new DetectedObject(object.label(), box, mask, object.score(), object.scores()), List.of(block), isCut);
    }

    private List<Piece> joined(List<Piece> pieces, List<AnswerDefect> defects) {
        List<Piece> kept = new ArrayList<>();
        for (Piece piece : pieces.stream().sorted(WHOLE_AND_SURE_FIRST).toList()) {
            int same = 0;
            while (same < kept.size() && !isSame(kept.get(same), piece)) {
                same++;
            }
            if (same == kept.size()) {
                kept.add(piece);
            } else {
                kept.set(same, joined(kept.get(same), piece));
                defects.add(new AnswerDefect("seam-joined", -1, piece.object().label()));
            }
        }
        return kept;
    }

    private boolean isSame(Piece kept, Piece piece) {
        if (!kept.object().label().equals(piece.object().label())) {
            return false;
        }
        PixelBox block = piece.blocks().get(0);
        for (PixelBox other : kept.blocks()) {
            Box both = Box.between(
                    Math.max(block.left(), other.left()),
                    Math.max(block.top(), other.top()),
                    Math.min(block.right(), other.right()),
                    Math.min(block.bottom(), other.bottom()));
            if (!block.equals(other)
                    && agree(kept.object().box(), piece.object().box(), both)) {
                return true;
            }
        }
        return false;
    }

    private boolean agree(Box one, Box other, Box both) {
        if (both.width() <= 0 || both.height() <= 0) {
            return false;
        }
        Box first = within(one, both);
        Box second = within(other, both);
        return !first.isEmpty() && !second.isEmpty() && first.iou(second) > agreement;
    }

    private static Box within(Box box, Box limits) {
        return Box.between(
                Math.max(box.x(), limits.x()),
                Math.max(box.y(), limits.y()),
                Math.min(box.right(), limits.right()),
                Math.min(box.bottom(), limits.bottom()));
    }

    private static Piece joined(Piece kept, Piece piece) {
        if (!kept.isCut()) {
            return kept;
        }
        DetectedObject one = kept.object();
        DetectedObject other = piece.object();
        Box box = Box.between(
                Math.min(one.box().x(), other.box().x()),
                Math.min(one.box().y(), other.box().y()),
                Math.max(one.box().right(), other.box().right()),
                Math.max(one.box().bottom(), other.box().bottom()));
        Optional<RunLengthMask> mask = one.mask().isPresent() && other.mask().isPresent()
                ? Optional.of(one.mask().get().union(other.mask().get()))
                : one.mask().or(other::mask);
        List<PixelBox> blocks = new ArrayList<>(kept.blocks());
        blocks.addAll(piece.blocks());
        return new Piece(new DetectedObject(one.label(), box, mask, one.score(), one.scores()), blocks, true);
    }

    private String text(List<DetectedObject> objects, ImageSize picture) {
        return writer.write(objects.stream()
                .filter(object -> LabelProblem.of(object.label()).isEmpty())
                .map(object ->
                        new SuffixObject(quantizer.bins(object.box(), picture), Optional.empty(), object.label()))
                .toList());
    }
}

package io.palispark.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import scala.Tuple2;

/** Cuts sorted items where the image changes and gives each image to its work. */
final class ItemsByImage<T> implements Iterator<T> {

    private final Iterator<Tuple2<EvaluationItem.Key, EvaluationItem>> items;
    private final ImageWork<T> work;
    private Tuple2<EvaluationItem.Key, EvaluationItem> next;

    /** What is done with the items of one image. */
    @FunctionalInterface
    interface ImageWork<T> {
        T apply(long image, List<EvaluationItem> items);
    }

    ItemsByImage(Iterator<Tuple2<EvaluationItem.Key, EvaluationItem>> items, ImageWork<T> work) {
        this.items = items;
        this.work = work;
        advance();
    }

    private void advance() {
        next = items.hasNext() ? items.next() : null;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public T next() {
        if (next == null) {
            throw new NoSuchElementException("Cannot take another image: the part has ended");
        }
        long image = next._1().image();
        List<EvaluationItem> ofImage = new ArrayList<>();
        while (next != null && next._1().image() == image) {
            ofImage.add(next._2());
            advance();
        }
        return work.apply(image, ofImage);
    }
}

package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PictureFeedTest {

    private static final int THREADS = 4;
    private static final List<Integer> PICTURES =
            IntStream.range(0, 200).boxed().toList();

    @Test
    void picturesComeInOrderHoweverLongEachTakes() throws Exception {
        List<Integer> came = new ArrayList<>();
        PictureFeed.Work<Integer, Integer> evenOnesTakeLonger = (picture, share) -> {
            TimeUnit.MICROSECONDS.sleep(picture % 2 == 0 ? 900 : 1);
            return picture;
        };
        try (PictureFeed<Integer, Integer> feed = new PictureFeed<>(PICTURES, evenOnesTakeLonger, THREADS, 1 << 20)) {
            for (int i = 0; i < PICTURES.size(); i++) {
                came.add(feed.next());
            }
        }
        assertThat(came).isEqualTo(PICTURES);
    }

    @Test
    void morePicturesAreMadeWhileTheFirstIsBeingAnswered() throws Exception {
        CountDownLatch others = new CountDownLatch(20);
        PictureFeed.Work<Integer, Integer> work = (picture, share) -> {
            share.take(10);
            if (picture > 0) {
                others.countDown();
            }
            return picture;
        };
        try (PictureFeed<Integer, Integer> feed = new PictureFeed<>(PICTURES, work, 1, 300)) {
            feed.next();
            assertThat(others.await(30, TimeUnit.SECONDS))
                    .as("the model has the first picture and asks for no other")
                    .isTrue();
        }
    }

    @Test
    void whatIsMadeAndWaitsHasTheRoomAndOnePictureMore() throws Exception {
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        PictureFeed.Work<Integer, Integer> threeFilesOfWhichOneIsKept = (picture, share) -> {
            int bytes = 1 + picture * 37 % 100;
            share.take(2L * bytes);
            share.take(bytes);
            most.accumulateAndGet(held.addAndGet(3L * bytes), Math::max);
            Thread.yield();
            held.addAndGet(-2L * bytes);
            share.giveBack(2L * bytes);
            return bytes;
        };
        try (PictureFeed<Integer, Integer> feed =
                new PictureFeed<>(PICTURES, threeFilesOfWhichOneIsKept, THREADS, 600)) {
            for (int i = 0; i < PICTURES.size(); i++) {
                int bytes = feed.next();
                held.addAndGet(-bytes);
            }
        }
        assertThat(most.get()).isBetween(301L, 600L + 300L);
        assertThat(held.get()).isZero();
    }

    @Test
    void aPictureLargerThanTheRoomGetsThroughWhenItsTurnComes() throws Exception {
        PictureFeed.Work<Integer, Integer> work = (picture, share) -> {
            share.take(1000);
            return picture;
        };
        try (PictureFeed<Integer, Integer> feed = new PictureFeed<>(List.of(1, 2, 3), work, THREADS, 10)) {
            assertThat(List.of(feed.next(), feed.next(), feed.next())).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aFailureComesInThePlaceOfItsPicture() throws Exception {
        PictureFeed.Work<Integer, Integer> work = (picture, share) -> {
            if (picture == 2) {
                throw new IOException("the disk is gone");
            }
            if (picture == 3) {
                throw new OutOfMemoryError("no heap for picture 3");
            }
            return picture;
        };
        try (PictureFeed<Integer, Integer> feed = new PictureFeed<>(PICTURES, work, THREADS, 1 << 20)) {
            assertThat(List.of(feed.next(), feed.next())).containsExactly(0, 1);
            assertThatThrownBy(feed::next).isInstanceOf(IOException.class).hasMessage("the disk is gone");
            assertThatThrownBy(feed::next).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void closingEndsThreadsThatWaitForRoomOrForADisk() throws Exception {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(THREADS);
        PictureFeed.Work<Integer, Integer> work = (picture, share) -> {
            synchronized (threads) {
                threads.add(Thread.currentThread());
            }
            begun.countDown();
            if (picture % 2 == 0) {
                share.take(50);
                TimeUnit.HOURS.sleep(1);
            }
            share.take(1000);
            return picture;
        };
        PictureFeed<Integer, Integer> feed = new PictureFeed<>(PICTURES, work, THREADS, 100);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        Thread.currentThread().interrupt(); // as Spark does to a task that it kills
        assertThatThrownBy(feed::next).isInstanceOf(InterruptedException.class);
        feed.close();

        assertThat(threads).hasSize(THREADS).noneMatch(Thread::isAlive);
    }
}

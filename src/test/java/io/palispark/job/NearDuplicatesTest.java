package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.dataset.DuplicateClusters;
import io.palispark.dataset.HashIndex;
import io.palispark.dataset.SplitPlan;
import io.palispark.image.DecodedImage;
import io.palispark.image.Frame;
import io.palispark.image.ImageLimits;
import io.palispark.image.PerceptualHash;
import io.palispark.image.RgbDecoder;
import io.palispark.job.DuplicatePictures.Hashed;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;

/**
 * How many planted near-duplicates are found, and what is joined that should not be. {@code -Dduplicates.pictures=10000}
 * and {@code -Dduplicates.hashes=100000} measure at size and print.
 */
class NearDuplicatesTest {

    private static final int PICTURES = Integer.getInteger("duplicates.pictures", 400);
    private static final int HASHES = Integer.getInteger("duplicates.hashes", 20_000);
    private static final int WIDTH = 240;
    private static final int HEIGHT = 180;

    /** What becomes of a picture that is planted again. */
    private enum Change {
        REENCODED,
        BRIGHTENED,
        CROPPED;

        BufferedImage apply(BufferedImage picture, Random random) {
            return switch (this) {
                case REENCODED -> picture;
                case BRIGHTENED -> {
                    float factor = 0.8f + 0.4f * random.nextFloat();
                    yield new RescaleOp(factor, random.nextInt(31) - 15, null).filter(picture, null);
                }
                case CROPPED -> {
                    int right = 1 + random.nextInt(WIDTH / 12);
                    int bottom = 1 + random.nextInt(HEIGHT / 12);
                    int left = random.nextInt(WIDTH / 12);
                    int top = random.nextInt(HEIGHT / 12);
                    BufferedImage part = picture.getSubimage(left, top, WIDTH - left - right, HEIGHT - top - bottom);
                    BufferedImage copy = new BufferedImage(part.getWidth(), part.getHeight(), picture.getType());
                    copy.createGraphics().drawImage(part, 0, 0, null);
                    yield copy;
                }
            };
        }
    }

    /** @param copyOf number of the picture that it was made from, -1 for an own one */
    private record Made(Hashed hashed, int copyOf, Change change) {

        String name() {
            return hashed.key();
        }
    }

    @Test
    void plantedCopiesShareAClusterAndASplit() throws IOException {
        List<Made> pictures = made(PICTURES, PICTURES / 20);
        DuplicateClusters clusters = new DuplicateClusters(PerceptualHash.DEFAULT_DISTANCE);
        pictures.forEach(
                picture -> clusters.add(picture.name(), picture.hashed().hash()));
        HashIndex wholes = clusters.index();
        pictures.forEach(picture ->
                picture.hashed().matches(wholes).forEach(match -> clusters.join(match.whole(), match.part())));
        Map<String, String> cluster = clusters.representatives();
        SplitPlan splits = new SplitPlan(List.of(0.7, 0.2, 0.1), null, 0, Map.of()).withClusters(cluster);

        EnumMap<Change, int[]> found = new EnumMap<>(Change.class);
        int leaks = 0;
        for (Made copy : pictures) {
            if (copy.copyOf() >= 0) {
                String original = pictures.get(copy.copyOf()).name();
                int[] counts = found.computeIfAbsent(copy.change(), change -> new int[2]);
                counts[0]++;
                if (cluster.containsKey(original) && cluster.get(original).equals(cluster.get(copy.name()))) {
                    counts[1]++;
                }
                leaks +=
                        splits.split(splits.group(original, "")) == splits.split(splits.group(copy.name(), "")) ? 0 : 1;
            }
        }
        long wrong = wronglyJoined(pictures, cluster);
        found.forEach((change, counts) ->
                System.out.printf(Locale.ROOT, "%-10s planted %4d found %4d%n", change, counts[0], counts[1]));
        System.out.printf(
                "pictures %d, in clusters %d, of these wrongly %d, leaks %d%n",
                pictures.size(), cluster.size(), wrong, leaks);
        assertThat(leaks).isZero();
        assertThat(wrong).isLessThanOrEqualTo(cluster.size() / 50);
        assertThat(found.get(Change.REENCODED)[1]).isEqualTo(found.get(Change.REENCODED)[0]);
    }

    /** Pictures in a cluster that their original, or a copy of theirs, is not in. */
    private static long wronglyJoined(List<Made> pictures, Map<String, String> cluster) {
        Set<String> right = new HashSet<>();
        for (Made copy : pictures) {
            if (copy.copyOf() >= 0) {
                String original = pictures.get(copy.copyOf()).name();
                if (cluster.containsKey(original) && cluster.get(original).equals(cluster.get(copy.name()))) {
                    right.add(original);
                    right.add(copy.name());
                }
            }
        }
        return cluster.keySet().stream().filter(name -> !right.contains(name)).count();
    }

    @Test
    void manyHashesAreClusteredInBoundedMemory() {
        Random random = new Random(11);
        DuplicateClusters clusters = new DuplicateClusters(PerceptualHash.DEFAULT_DISTANCE);
        int pairs = HASHES / 20;
        long started = System.nanoTime();
        for (int i = 0; i < HASHES; i++) {
            long hash = random.nextLong();
            clusters.add("picture-" + i, hash);
            if (i < pairs) {
                long near = hash;
                for (int bit = 0; bit < PerceptualHash.DEFAULT_DISTANCE; bit++) {
                    near ^= 1L << random.nextInt(Long.SIZE);
                }
                clusters.add("picture-" + i + "-again", near);
            }
        }
        Map<String, String> joined = clusters.representatives();
        System.out.printf(
                Locale.ROOT,
                "%d hashes clustered in %.2f s, heap at most %d MiB%n",
                HASHES + pairs,
                (System.nanoTime() - started) / 1e9,
                Runtime.getRuntime().maxMemory() >> 20);
        for (int i = 0; i < pairs; i++) {
            String key = "picture-" + i;
            assertThat(joined.get(key)).isNotNull().isEqualTo(joined.get(key + "-again"));
        }
        assertThat(joined).hasSize(2 * pairs);
    }

    private static List<Made> made(int originals, int copies) throws IOException {
        List<Made> pictures = new ArrayList<>();
        for (int i = 0; i < originals; i++) {
            BufferedImage scene = scene(new Random(i));
            pictures.add(new Made(hashed("scene-%06d.jpg".formatted(i), scene, 0.9f), -1, null));
        }
        for (int i = 0; i < copies; i++) {
            Random random = new Random(-1 - i);
            int original = i * (originals / copies);
            Change change = Change.values()[i % 3];
            BufferedImage copy = change.apply(scene(new Random(original)), random);
            pictures.add(new Made(
                    hashed("copy-%06d.jpg".formatted(i), copy, 0.3f + 0.5f * random.nextFloat()), original, change));
        }
        return pictures;
    }

    private static BufferedImage scene(Random random) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setPaint(new GradientPaint(
                random.nextInt(WIDTH), 0, colour(random), random.nextInt(WIDTH), HEIGHT, colour(random)));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        for (int shape = 4 + random.nextInt(12); shape > 0; shape--) {
            graphics.setColor(colour(random));
            int width = 10 + random.nextInt(90);
            int height = 10 + random.nextInt(90);
            int x = random.nextInt(WIDTH) - width / 2;
            int y = random.nextInt(HEIGHT) - height / 2;
            if (random.nextBoolean()) {
                graphics.fillOval(x, y, width, height);
            } else {
                graphics.fillRect(x, y, width, height);
            }
        }
        graphics.dispose();
        return picture;
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(1 << 24));
    }

    private static Hashed hashed(String name, BufferedImage picture, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionQuality(quality);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(picture, null, null), settings);
        }
        writer.dispose();
        DecodedImage decoded =
                (DecodedImage) new RgbDecoder(ImageLimits.DEFAULT).decode(bytes.toByteArray(), Frame.UPRIGHT);
        return Hashed.of(name, decoded, DuplicatePictures.Crops.FOUND);
    }
}

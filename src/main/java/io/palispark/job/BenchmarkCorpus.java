package io.palispark.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.palispark.geometry.ImageSize;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * A made COCO dataset as big as asked for: blank JPEGs and star-shaped outlines with the vertices and sizes of a COCO
 * object. The same count gives the same bytes.
 *
 * @param annotations the COCO file
 * @param images the folder of its pictures
 */
record BenchmarkCorpus(Path annotations, Path images) {

    private static final ImageSize PICTURE = new ImageSize(480, 640);
    private static final int OBJECTS_PER_PICTURE = 8;
    private static final int CLASSES = 80;
    private static final int FEWEST_VERTICES = 12;
    private static final int MORE_VERTICES = 48;

    /** Writes the dataset below {@code folder}. */
    static BenchmarkCorpus write(Path folder, int objects) throws IOException {
        BenchmarkCorpus corpus = new BenchmarkCorpus(folder.resolve("instances.json"), folder.resolve("images"));
        Files.createDirectories(corpus.images());
        byte[] blank = blankJpeg();
        int pictures = (objects + OBJECTS_PER_PICTURE - 1) / OBJECTS_PER_PICTURE;
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(Files.newBufferedWriter(corpus.annotations(), StandardCharsets.UTF_8))) {
            json.writeStartObject();
            json.writeArrayFieldStart("images");
            for (int picture = 0; picture < pictures; picture++) {
                String name = "%08d.jpg".formatted(picture);
                Files.write(corpus.images().resolve(name), blank);
                writePicture(json, picture, name);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("annotations");
            Random random = new Random(objects);
            for (int object = 0; object < objects; object++) {
                writeObject(json, object, random);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("categories");
            for (int category = 0; category < CLASSES; category++) {
                json.writeStartObject();
                json.writeNumberField("id", category);
                json.writeStringField("name", "class " + category);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return corpus;
    }

    private static byte[] blankJpeg() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(PICTURE.width(), PICTURE.height(), BufferedImage.TYPE_INT_RGB), "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static void writePicture(JsonGenerator json, int id, String name) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeStringField("file_name", name);
        json.writeNumberField("height", PICTURE.height());
        json.writeNumberField("width", PICTURE.width());
        json.writeEndObject();
    }

    private static void writeObject(JsonGenerator json, int id, Random random) throws IOException {
        double radius = 6 + 120 * random.nextDouble() * random.nextDouble();
        double x = radius + random.nextDouble() * (PICTURE.width() - 2 * radius);
        double y = radius + random.nextDouble() * (PICTURE.height() - 2 * radius);
        int vertices = FEWEST_VERTICES + random.nextInt(MORE_VERTICES);
        double[] outline = new double[2 * vertices];
        double left = PICTURE.width();
        double top = PICTURE.height();
        double right = 0;
        double bottom = 0;
        for (int vertex = 0; vertex < vertices; vertex++) {
            double angle = 2 * Math.PI * vertex / vertices;
            double reach = radius * (0.6 + 0.4 * random.nextDouble());
            outline[2 * vertex] = Math.rint(100 * (x + reach * Math.cos(angle))) / 100;
            outline[2 * vertex + 1] = Math.rint(100 * (y + reach * Math.sin(angle))) / 100;
            left = Math.min(left, outline[2 * vertex]);
            right = Math.max(right, outline[2 * vertex]);
            top = Math.min(top, outline[2 * vertex + 1]);
            bottom = Math.max(bottom, outline[2 * vertex + 1]);
        }
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeNumberField("image_id", id / OBJECTS_PER_PICTURE);
        json.writeNumberField("category_id", random.nextInt(CLASSES));
        json.writeNumberField("iscrowd", 0);
        json.writeNumberField("area", (right - left) * (bottom - top) / 2);
        json.writeFieldName("bbox");
        json.writeArray(new double[] {left, top, right - left, bottom - top}, 0, 4);
        json.writeArrayFieldStart("segmentation");
        json.writeArray(outline, 0, outline.length);
        json.writeEndArray();
        json.writeEndObject();
    }
}

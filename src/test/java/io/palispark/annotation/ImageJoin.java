package io.palispark.annotation;

import static io.palispark.annotation.Goldens.only;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.ImageSize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** What a job does behind a reader, in memory: find the pictures, hold objects against them. */
record ImageJoin(Map<String, ImageRow> images, List<CheckedObject> objects, List<Finding> findings) {

    static ImageJoin of(List<AnnotationRecord> records, Path folder) throws IOException {
        ImageJoin join = new ImageJoin(new HashMap<>(), new ArrayList<>(), new ArrayList<>(Goldens.findings(records)));
        Map<String, ImageSize> sizes = new HashMap<>();
        for (ImageRow row : only(ImageRow.class, records)) {
            join.add(row, folder.resolve(row.fileName()), sizes);
        }
        for (ObjectRow row : only(ObjectRow.class, records)) {
            if (sizes.containsKey(row.imageId())) {
                CheckedObject checked = ObjectCheck.check("test", row, sizes.get(row.imageId()));
                join.findings.addAll(checked.findings());
                if (!checked.isRejected()) {
                    join.objects.add(checked);
                }
            }
        }
        return join;
    }

    private void add(ImageRow row, Path file, Map<String, ImageSize> sizes) throws IOException {
        if (!Files.exists(file)) {
            findings.add(new Finding(
                    "test", row.imageId(), "", ReasonCode.IMAGE_MISSING, Outcome.REJECT_IMAGE, file.toString()));
            return;
        }
        BufferedImage picture = ImageIO.read(file.toFile());
        ImageSize stored = new ImageSize(picture.getHeight(), picture.getWidth());
        FrameDecision decision = new FrameRule("test", Frame.STORED).decide(row, stored, 1);
        findings.addAll(decision.findings());
        if (!decision.isRejected()) {
            images.put(row.imageId(), row);
            sizes.put(row.imageId(), decision.size());
        }
    }

    boolean isUsable(String imageId) {
        return images.containsKey(imageId);
    }
}

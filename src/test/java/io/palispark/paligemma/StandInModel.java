package io.palispark.paligemma;

import io.palispark.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The stand-in checkpoint, opened once for all tests and closed by the JVM's end. */
final class StandInModel {

    static final PaliGemma MODEL = open();

    private StandInModel() {}

    private static PaliGemma open() {
        try {
            return PaliGemma.open(StandInCheckpoint.folder(), new Device.Cpu(2));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

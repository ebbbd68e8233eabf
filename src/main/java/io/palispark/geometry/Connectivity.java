package io.palispark.geometry;

/** Which pixels around a pixel belong together with it. */
public enum Connectivity {
    /** Those that share a side. */
    FOUR(0),
    /** Those that share a side or a corner. */
    EIGHT(1);

    private final int reach;

    Connectivity(int reach) {
        this.reach = reach;
    }

    /** How far beyond its own columns a row's run touches runs of the next row. */
    int reach() {
        return reach;
    }
}

package io.palispark.geometry;

import java.io.Serializable;

/** The pixels of one object, as outlines or as runs. Serializable so that Spark can move it between tasks. */
public sealed interface Region extends Serializable permits PolygonRegion, RunLengthMask {}

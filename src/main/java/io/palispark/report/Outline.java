package io.palispark.report;

/**
 * Something drawn over a picture.
 *
 * @param label shown beside the box
 * @param x left edge of the box in pixels
 * @param y top edge of the box in pixels
 * @param width of the box in pixels
 * @param height of the box in pixels
 * @param maskPath SVG path of the mask in pixels, empty when there is none
 */
public record Outline(String label, double x, double y, double width, double height, String maskPath) {}

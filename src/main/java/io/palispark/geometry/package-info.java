/**
 * Boxes, polygons and run-length masks in one continuous frame, equal to pycocotools where it defines the answer.
 * Imports nothing else of Palispark.
 */
package io.palispark.geometry;

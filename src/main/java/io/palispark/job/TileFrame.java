package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;

/**
 * Where the tile of a row stands, in the words of a line that {@code decode} stitches.
 *
 * @param image name of the whole picture
 * @param picture its size
 * @param block the tile in its pixels
 */
record TileFrame(String image, ImageSize picture, PixelBox block) {

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("image", image)
                .put("width", picture.width())
                .put("height", picture.height());
        node.putArray("tile")
                .add(block.left())
                .add(block.top())
                .add(block.width())
                .add(block.height());
        return node;
    }
}

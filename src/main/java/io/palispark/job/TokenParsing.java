package io.palispark.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.token.BoxForm;
import io.palispark.token.LocationBins;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SuffixObject;

/** {@code tokens parse}: {@code text} and optional {@code prefix} to objects in bins and codes, and defects. */
public final class TokenParsing implements RecordStep {

    @Override
    public void answer(ObjectNode record, ObjectNode answer) throws RecordReject {
        ParsedSuffix suffix = RecordFields.suffix(record, BoxForm.YXYX);
        ArrayNode objects = answer.putArray("objects");
        for (SuffixObject object : suffix.objects()) {
            ObjectNode node = objects.addObject();
            LocationBins box = object.box();
            node.putArray("box").add(box.y1()).add(box.x1()).add(box.y2()).add(box.x2());
            if (object.codes().isPresent()) {
                RecordFields.addCodes(node.putArray("codes"), object.codes().get());
            } else {
                node.putNull("codes");
            }
            node.put("label", object.label());
        }
        RecordFields.addDefects(answer.putArray("defects"), suffix);
    }
}

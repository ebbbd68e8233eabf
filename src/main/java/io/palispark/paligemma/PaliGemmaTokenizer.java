package io.palispark.paligemma;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.palispark.token.TokenVocabulary;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A checkpoint's {@code tokenizer.json}, giving the ids that {@code PaliGemmaProcessor} of transformers gives.
 *
 * <p>The published file knows location and segmentation tokens as vocabulary entries only, so that a bare tokenizer cuts
 * them into characters; the processor repairs that after loading. Here texts are cut at these tokens first and only what
 * stands between them goes to the bare tokenizer, which is the same because an added token always splits the text.
 * {@link TokenizerFile} refuses files for which it would not be. Short pieces are remembered: most of a suffix is
 * location and segmentation tokens between few different labels.
 *
 * <p>Safe for use by many threads at once, except that {@link #close} must come after the last use. Unpaired surrogates,
 * which have no UTF-8, count as U+FFFD.
 */
public final class PaliGemmaTokenizer implements AutoCloseable {

    private static final String FILE = "tokenizer.json";
    private static final String STAND_IN = "/io/palispark/standin/paligemma/" + FILE;
    private static final String IMAGE_MARKER = "<image>";

    /** Pieces longer than this, in characters, are captions rather than labels and not worth remembering. */
    private static final int LONGEST_REMEMBERED = 64;

    private static final int MOST_REMEMBERED = 50_000;

    private static final Map<String, String> OPTIONS = Map.of(
            "addSpecialTokens", "false",
            "padding", "false",
            "truncation", "false",
            "modelMaxLength", Integer.toString(Integer.MAX_VALUE));

    static {
        // Otherwise DJL asks the cloud's metadata address on loading, and fetches another library where it sees a GPU.
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
    }

    private final HuggingFaceTokenizer bare;
    private final int[] visualIds;
    private final Map<Integer, Integer> bins = new HashMap<>();
    private final BitSet wordStarts;
    private final BitSet wordParts;
    private final int padId;
    private final int endId;
    private final int beginId;
    private final int imageId;
    private final int maskId;
    private final Map<String, int[]> remembered = new ConcurrentHashMap<>();

    private PaliGemmaTokenizer(HuggingFaceTokenizer bare, TokenizerFile file) {
        this.bare = bare;
        this.visualIds = file.visualIds();
        for (int bin = 0; bin < TokenVocabulary.LOCATIONS; bin++) {
            bins.put(visualIds[bin], bin);
        }
        this.wordStarts = file.wordStarts();
        this.wordParts = file.wordParts();
        this.padId = file.id("<pad>");
        this.endId = file.id("<eos>");
        this.beginId = file.id("<bos>");
        this.imageId = file.id(IMAGE_MARKER);
        this.maskId = file.id("<mask>");
    }

    /** The tokenizer of a checkpoint folder. */
    public static PaliGemmaTokenizer load(Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        if (!Files.isRegularFile(path)) {
            throw new FileNotFoundException("Cannot load the tokenizer " + path
                    + ": there is no such file; a checkpoint" + " folder in the Hugging Face layout has one");
        }
        return of(Files.readAllBytes(path), path.toString());
    }

    /** The tokenizer of the bundled stand-in checkpoint. Its ids and counts are not those of PaliGemma. */
    public static PaliGemmaTokenizer standIn() throws IOException {
        try (InputStream in = PaliGemmaTokenizer.class.getResourceAsStream(STAND_IN)) {
            if (in == null) {
                throw new FileNotFoundException("Cannot load the tokenizer " + STAND_IN + ": it is not in this jar");
            }
            return of(in.readAllBytes(), "of the stand-in checkpoint");
        }
    }

    private static PaliGemmaTokenizer of(byte[] json, String source) throws IOException {
        TokenizerFile file = TokenizerFile.read(json, source);
        HuggingFaceTokenizer bare;
        try {
            bare = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
        } catch (RuntimeException e) {
            throw new TokenizerFileException(source, "the tokenizer library refuses it: " + e.getMessage(), e);
        }
        PaliGemmaTokenizer tokenizer = new PaliGemmaTokenizer(bare, file);
        if (!tokenizer.piecesAreIndependent()) {
            bare.close();
            throw new TokenizerFileException(
                    source,
                    "it treats text at the start unlike text behind a token, which no PaliGemma tokenizer does");
        }
        return tokenizer;
    }

    private boolean piecesAreIndependent() {
        int[] alone = bareIds("cat");
        int[] behind = bareIds("<bos>cat");
        return behind.length == alone.length + 1
                && behind[0] == beginId
                && Arrays.equals(behind, 1, behind.length, alone, 0, alone.length);
    }

    /** The ids of a text; begin and end tokens are not added, but read where the text spells them. */
    public int[] ids(String text) {
        IdBuffer ids = new IdBuffer();
        append(text, ids);
        return ids.toArray();
    }

    /** The number of ids of a text, without begin and end tokens. */
    public int count(String text) {
        int count = 0;
        int from = 0;
        for (int at = next(text, 0); at < text.length(); at = next(text, from)) {
            count += piece(text, from, at).length + 1;
            from = at
                    + TokenVocabulary.all()
                            .get(TokenVocabulary.indexAt(text, at))
                            .length();
        }
        return count + piece(text, from, text.length()).length;
    }

    /** The ids of a suffix as a training row has them: the text's, then the end token. */
    public int[] suffixIds(String suffix) {
        IdBuffer ids = new IdBuffer();
        append(suffix, ids);
        ids.add(endId);
        return ids.toArray();
    }

    /**
     * The ids of a whole prompt as the processor builds it: image placeholders, begin token, text, line break, the last
     * two tokenized together. Where the prompt spells {@code <image>} itself, each one becomes its image's placeholders
     * and the begin token follows the last.
     *
     * @param images pictures of the prompt
     * @param tokensPerImage placeholders of each, the squared quotient of image size and patch size
     * @throws IllegalArgumentException if the prompt spells another number of images
     */
    public int[] promptIds(String prompt, int images, int tokensPerImage) {
        IdBuffer ids = new IdBuffer();
        int markers = 0;
        int from = 0;
        for (int at = prompt.indexOf(IMAGE_MARKER); at >= 0; at = prompt.indexOf(IMAGE_MARKER, from)) {
            append(prompt.substring(from, at), ids);
            ids.add(imageId, tokensPerImage);
            from = at + IMAGE_MARKER.length();
            markers++;
        }
        if (markers != 0 && markers != images) {
            throw new IllegalArgumentException("Cannot build the prompt \"" + prompt + "\": it spells " + markers
                    + " images and " + images + " are given");
        }
        if (markers == 0) {
            ids.add(imageId, Math.multiplyExact(images, tokensPerImage));
        }
        ids.add(beginId);
        append(prompt.substring(from) + "\n", ids);
        return ids.toArray();
    }

    /** The text of ids with every token spelled out, {@code <eos>} too. */
    public String decode(int[] ids) {
        return bare.decode(Arrays.stream(ids).asLongStream().toArray(), false);
    }

    /**
     * The text of ids without control tokens; location and segmentation tokens stay. {@code <mask>} is a control token
     * for transformers whatever the file says.
     */
    public String text(int[] ids) {
        return bare.decode(
                Arrays.stream(ids).filter(id -> id != maskId).asLongStream().toArray(), true);
    }

    public int padId() {
        return padId;
    }

    public int endId() {
        return endId;
    }

    public int beginId() {
        return beginId;
    }

    public int imageId() {
        return imageId;
    }

    /** The id of a location token, bin 0 to 1023. */
    public int locationId(int bin) {
        return visualIds[Objects.checkIndex(bin, TokenVocabulary.LOCATIONS)];
    }

    /** The id of a segmentation token, code 0 to 127. */
    public int segmentId(int code) {
        return visualIds[TokenVocabulary.LOCATIONS + Objects.checkIndex(code, TokenVocabulary.SEGMENTS)];
    }

    /** The bin of a location token's id; empty for any other id. */
    Optional<Integer> locationBin(int id) {
        return Optional.ofNullable(bins.get(id));
    }

    /** The largest id that a constrained answer may hold. */
    int largestAnswerId() {
        return Math.max(wordParts.length() - 1, Arrays.stream(visualIds).max().orElseThrow());
    }

    /** Ids of tokens that begin a word of a label; not to be changed. */
    BitSet wordStarts() {
        return wordStarts;
    }

    /** Ids of tokens that may stand inside a label; not to be changed. */
    BitSet wordParts() {
        return wordParts;
    }

    @Override
    public void close() {
        bare.close();
    }

    private void append(String text, IdBuffer ids) {
        int from = 0;
        for (int at = next(text, 0); at < text.length(); at = next(text, from)) {
            ids.add(piece(text, from, at));
            int token = TokenVocabulary.indexAt(text, at);
            ids.add(visualIds[token]);
            from = at + TokenVocabulary.all().get(token).length();
        }
        ids.add(piece(text, from, text.length()));
    }

    /** Where the next location or segmentation token starts; the length of the text where none does. */
    private static int next(String text, int from) {
        int at = text.indexOf('<', from);
        while (at >= 0 && TokenVocabulary.indexAt(text, at) < 0) {
            at = text.indexOf('<', at + 1);
        }
        return at < 0 ? text.length() : at;
    }

    private int[] piece(String text, int from, int to) {
        if (from == to) {
            return IdBuffer.NONE;
        }
        String piece = text.substring(from, to);
        if (piece.length() > LONGEST_REMEMBERED) {
            return bareIds(piece);
        }
        int[] known = remembered.get(piece);
        if (known == null) {
            known = bareIds(piece);
            if (remembered.size() < MOST_REMEMBERED) {
                remembered.put(piece, known);
            }
        }
        return known;
    }

    private int[] bareIds(String piece) {
        long[] ids = bare.encode(wellFormed(piece), false, false).getIds();
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    private static String wellFormed(String text) {
        boolean broken = text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        if (!broken) {
            return text;
        }
        return text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}

package io.palispark.paligemma;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.token.TokenVocabulary;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The facts of a {@code tokenizer.json} that {@link PaliGemmaTokenizer} needs itself, read in one pass. */
final class TokenizerFile {

    private static final List<String> CONTROLS = List.of("<pad>", "<eos>", "<bos>", "<image>", "<mask>");
    private static final int ABSENT = -1;

    /** How vocabularies spell a blank. */
    private static final char BLANK = '\u2581';

    private final String source;
    private final Map<String, Integer> wanted = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private final BitSet addedIds = new BitSet();
    private final BitSet wordStarts = new BitSet();
    private final BitSet wordParts = new BitSet();

    private TokenizerFile(String source) {
        this.source = source;
        CONTROLS.forEach(token -> wanted.put(token, ABSENT));
        TokenVocabulary.all().forEach(token -> wanted.put(token, ABSENT));
    }

    /**
     * Reads the file's vocabulary and added tokens.
     *
     * @throws TokenizerFileException if it is no tokenizer file, lacks a token of PaliGemma, or lists added tokens that
     *     could overlap a location or segmentation token
     */
    static TokenizerFile read(byte[] json, String source) throws TokenizerFileException {
        TokenizerFile file = new TokenizerFile(source);
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            file.readTop(parser);
        } catch (JsonProcessingException e) {
            throw new TokenizerFileException(source, "it is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (TokenizerFileException e) {
            throw e;
        } catch (IOException e) {
            throw new TokenizerFileException(source, e.getMessage(), e);
        }
        file.check();
        file.wordStarts.andNot(file.addedIds);
        file.wordParts.andNot(file.addedIds);
        return file;
    }

    int id(String token) {
        return wanted.get(token);
    }

    /** Ids in the order of {@link TokenVocabulary#all()}. */
    int[] visualIds() {
        return TokenVocabulary.all().stream().mapToInt(this::id).toArray();
    }

    /** Ids of tokens that begin a word of a label. */
    BitSet wordStarts() {
        return wordStarts;
    }

    /** Ids of tokens that may stand inside a label. */
    BitSet wordParts() {
        return wordParts;
    }

    private void readTop(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new TokenizerFileException(source, "it is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                readAddedTokens(parser);
            } else if (field.equals("model") && value == JsonToken.START_OBJECT) {
                readModel(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String content = "";
            int id = ABSENT;
            boolean strips = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("content") && value == JsonToken.VALUE_STRING) {
                    content = parser.getText();
                } else if (field.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
                    id = parser.getIntValue();
                } else if (field.equals("lstrip") || field.equals("rstrip") || field.equals("single_word")) {
                    strips |= value == JsonToken.VALUE_TRUE;
                } else {
                    parser.skipChildren();
                }
            }
            if (strips && TokenVocabulary.indexAt(content, 0) >= 0) {
                throw new TokenizerFileException(source, "its added token " + content + " changes the text beside it");
            }
            added.add(content);
            if (id >= 0) {
                addedIds.set(id);
            }
            note(content, id);
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT && field.equals("vocab")) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String token = parser.currentName();
                    if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                        note(token, parser.getIntValue());
                        noteWord(token, parser.getIntValue());
                    } else {
                        parser.skipChildren();
                    }
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void note(String token, int id) {
        if (wanted.containsKey(token)) {
            wanted.put(token, id);
        }
    }

    /** No end of an object, no token of another kind, no byte, no blank alone. */
    private void noteWord(String token, int id) {
        String text = token.replace(BLANK, ' ');
        boolean word = id >= 0
                && !text.isBlank()
                && text.chars().noneMatch(c -> c == ';' || c == '<' || c == '>' || Character.isISOControl(c));
        if (word) {
            wordParts.set(id);
            wordStarts.set(id, text.charAt(0) == ' ' && !Character.isWhitespace(text.charAt(1)));
        }
    }

    private void check() throws TokenizerFileException {
        List<String> missing = wanted.entrySet().stream()
                .filter(entry -> entry.getValue() < 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new TokenizerFileException(
                    source,
                    "it lacks " + missing.size() + " of PaliGemma's tokens, the first being " + missing.get(0)
                            + "; take the tokenizer.json of a PaliGemma checkpoint");
        }
        int[] ids = visualIds();
        if (Arrays.stream(ids).distinct().count() != ids.length) {
            throw new TokenizerFileException(source, "two location or segmentation tokens share an id");
        }
        Set<String> visual = Set.copyOf(TokenVocabulary.all());
        for (String token : added) {
            if (!visual.contains(token) && overlaps(token)) {
                throw new TokenizerFileException(
                        source, "its added token " + token + " can overlap a location or segmentation token");
            }
        }
    }

    /**
     * True when a match of the token could share characters with a location or segmentation token. Then texts could not
     * be cut at those tokens first.
     */
    private static boolean overlaps(String token) {
        return token.indexOf('<', 1) >= 0 || "<loc".startsWith(prefix(token)) || "<seg".startsWith(prefix(token));
    }

    private static String prefix(String token) {
        return token.substring(0, Math.min(4, token.length()));
    }
}

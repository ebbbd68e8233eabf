package io.palispark.annotation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pickles of protocols 0 to 5 as far as they hold plain data: lists, dicts, tuples, texts, numbers, truth values and
 * None. Every instruction that could look up or call something is refused, so nothing of the file is ever executed.
 * Values are {@link List}, {@link Map}, {@link String}, {@link Long}, {@link Double}, {@link Boolean} and null. Byte
 * strings of Python 2 are read as Latin-1.
 */
final class Pickle {

    private static final Object MARK = new Object();
    private static final Object NONE = new Object();
    private static final String FORBIDDEN = "cRbio\u0081\u0082\u0083\u0084\u0092\u0093PQ\u0097\u0098";

    private final ByteBuffer bytes;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private Pickle(byte[] content) {
        this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the one value of a pickle.
     *
     * @throws DocumentException for damage, and for a pickle that asks for more than plain data
     */
    static Object read(byte[] content) throws DocumentException {
        Pickle pickle = new Pickle(content);
        try {
            return pickle.run();
        } catch (java.nio.BufferUnderflowException | java.util.NoSuchElementException cut) {
            throw invalid("the pickle ends too early or is damaged near byte " + pickle.bytes.position());
        } catch (ClassCastException | NumberFormatException damaged) {
            throw invalid("an instruction does not fit its value near byte " + pickle.bytes.position());
        }
    }

    private static DocumentException invalid(String detail) {
        return new DocumentException(ReasonCode.SYNTAX_INVALID, detail);
    }

    private Object run() throws DocumentException {
        while (true) {
            int instruction = bytes.get() & 0xff;
            if (instruction == '.') {
                return plain(stack.pop());
            }
            if (FORBIDDEN.indexOf(instruction) >= 0) {
                throw new DocumentException(
                        ReasonCode.PICKLE_FORBIDDEN_OBJECT,
                        "instruction " + instruction + " at byte " + (bytes.position() - 1) + " asks for an object");
            }
            if (!scalar(instruction) && !container(instruction) && !memory(instruction)) {
                throw invalid("no instruction " + instruction + " at byte " + (bytes.position() - 1));
            }
        }
    }

    private static Object plain(Object value) {
        return value == NONE ? null : value;
    }

    private boolean scalar(int instruction) throws DocumentException {
        switch (instruction) {
            case 'N' -> stack.push(NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'I' -> stack.push(integer(line()));
            case 'L' -> stack.push(Long.parseLong(line().replace("L", "")));
            case 'J' -> stack.push((long) bytes.getInt());
            case 'K' -> stack.push((long) (bytes.get() & 0xff));
            case 'M' -> stack.push((long) (bytes.getShort() & 0xffff));
            case 0x8a -> stack.push(longOf(bytes.get() & 0xff));
            case 'F' -> stack.push(Double.parseDouble(line()));
            case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(bytes.getLong())));
            case 'S' -> stack.push(quoted(line()));
            case 'V' -> stack.push(line());
            case 'T', 'B' -> stack.push(new String(take(bytes.getInt()), StandardCharsets.ISO_8859_1));
            case 'U', 'C' -> stack.push(new String(take(bytes.get() & 0xff), StandardCharsets.ISO_8859_1));
            case 'X' -> stack.push(new String(take(bytes.getInt()), StandardCharsets.UTF_8));
            case 0x8c -> stack.push(new String(take(bytes.get() & 0xff), StandardCharsets.UTF_8));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int instruction) throws DocumentException {
        switch (instruction) {
            case '(' -> stack.push(MARK);
            case '0' -> stack.pop();
            case '1' -> sinceMark();
            case ']' -> stack.push(new ArrayList<>());
            case ')' -> stack.push(List.of());
            case '}' -> stack.push(new LinkedHashMap<>());
            case 'l', 't' -> stack.push(sinceMark());
            case 'd' -> stack.push(filled(new LinkedHashMap<>(), sinceMark()));
            case 0x85 -> stack.push(last(1));
            case 0x86 -> stack.push(last(2));
            case 0x87 -> stack.push(last(3));
            case 'a' -> {
                Object value = plain(stack.pop());
                list().add(value);
            }
            case 'e' -> {
                List<Object> values = sinceMark();
                list().addAll(values);
            }
            case 's' -> {
                List<Object> pair = last(2);
                filled(map(), pair);
            }
            case 'u' -> {
                List<Object> pairs = sinceMark();
                filled(map(), pairs);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int instruction) {
        switch (instruction) {
            case 0x80 -> bytes.get();
            case 0x95 -> bytes.getLong();
            case 'p' -> memo.put(Long.parseLong(line()), stack.element());
            case 'q' -> memo.put((long) (bytes.get() & 0xff), stack.element());
            case 'r' -> memo.put((long) bytes.getInt(), stack.element());
            case 0x94 -> memo.put((long) memo.size(), stack.element());
            case 'g' -> stack.push(remembered(Long.parseLong(line())));
            case 'h' -> stack.push(remembered(bytes.get() & 0xff));
            case 'j' -> stack.push(remembered(bytes.getInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object remembered(long key) {
        Object value = memo.get(key);
        if (value == null) {
            throw new java.util.NoSuchElementException("no value " + key);
        }
        return value;
    }

    private List<Object> sinceMark() throws DocumentException {
        List<Object> values = new ArrayList<>();
        for (Object value = stack.pop(); value != MARK; value = stack.pop()) {
            values.add(plain(value));
        }
        java.util.Collections.reverse(values);
        return values;
    }

    private List<Object> last(int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(plain(stack.pop()));
        }
        java.util.Collections.reverse(values);
        return values;
    }

    @SuppressWarnings("unchecked")
    private List<Object> list() {
        return (ArrayList<Object>) stack.element();
    }

    @SuppressWarnings("unchecked")
    private Map<Object, Object> map() {
        return (LinkedHashMap<Object, Object>) stack.element();
    }

    /** Keys are texts or numbers, as a container could hold itself. */
    private static Map<Object, Object> filled(Map<Object, Object> map, List<Object> pairs) throws DocumentException {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            if (key instanceof List || key instanceof Map) {
                throw invalid("a list or dict as a key");
            }
            map.put(key, pairs.get(i + 1));
        }
        return map;
    }

    private static Object integer(String text) {
        return switch (text) {
            case "00" -> false;
            case "01" -> true;
            default -> Long.parseLong(text);
        };
    }

    private long longOf(int length) throws DocumentException {
        if (length > Long.BYTES) {
            throw invalid("a number of " + length + " bytes");
        }
        byte[] digits = take(length);
        long value = length == 0 ? 0 : digits[length - 1] < 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | digits[i] & 0xff;
        }
        return value;
    }

    /** A Python literal in single or double quotes; of its escapes those that change no meaning here are resolved. */
    private static String quoted(String literal) throws DocumentException {
        int length = literal.length();
        if (length < 2 || literal.charAt(0) != literal.charAt(length - 1) || "'\"".indexOf(literal.charAt(0)) < 0) {
            throw invalid("a text without quotes");
        }
        return literal.substring(1, length - 1)
                .replace("\\'", "'")
                .replace("\\\"", "\"")
                .replace("\\n", "\n")
                .replace("\\\\", "\\");
    }

    private String line() {
        int start = bytes.position();
        while (bytes.get() != '\n') {
            // up to the end of the line
        }
        return new String(bytes.array(), start, bytes.position() - 1 - start, StandardCharsets.ISO_8859_1);
    }

    /** No more is allocated than the file still holds. */
    private byte[] take(int count) throws DocumentException {
        if (count < 0 || count > bytes.remaining()) {
            throw invalid("a text of " + count + " bytes where " + bytes.remaining() + " are left");
        }
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }
}

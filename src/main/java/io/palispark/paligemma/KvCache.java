package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keys and values of every token that the rows of a batch have seen. A step gives a new cache and leaves this one as it
 * is; the step after that one writes into the memory of this one, which is then of no use any more. Opaque outside this
 * package, and for one thread at a time.
 */
public final class KvCache {

    private final TextConfig text;
    private final Memory memory;
    private final Map<String, Tensor> tensors;
    private final int[] padding;
    private final int columns;
    private Optional<KvCache> before;
    private boolean overwritten;

    /**
     * @param memory that the tensors lie in
     * @param padding columns before each row's first token
     * @param columns tokens and padding of each row
     * @param before the cache that this one was grown from
     */
    private KvCache(TextConfig text, Memory memory, int[] padding, int columns, Optional<KvCache> before) {
        this.text = text;
        this.memory = memory;
        this.tensors = memory.tensors(Name.PAST, padding.length, columns);
        this.padding = padding;
        this.columns = columns;
        this.before = before;
    }

    static KvCache empty(TextConfig text, int[] padding) {
        return new KvCache(text, Memory.of(text, padding.length, 0), padding, 0, Optional.empty());
    }

    /**
     * A cache that a graph has filled.
     *
     * @param outputs of {@link GemmaGraph}, those of {@link #outputNames} among them
     */
    static KvCache of(TextConfig text, Map<String, Tensor> outputs, int[] padding) {
        List<ByteBuffer> buffers = outputNames(text).stream()
                .map(name -> outputs.get(name).buffer())
                .toList();
        int columns = Math.toIntExact(outputs.get(GemmaGraph.keys(0)).extent(2));
        return new KvCache(text, new Memory(text, buffers), padding, columns, Optional.empty());
    }

    /** Outputs of {@link GemmaGraph} that hold keys and values. */
    static List<String> outputNames(TextConfig text) {
        return IntStream.range(0, text.layers())
                .boxed()
                .flatMap(layer -> Stream.of(GemmaGraph.keys(layer), GemmaGraph.values(layer)))
                .toList();
    }

    /** What a cache becomes. */
    static final class Growth {

        private final Map<String, Tensor> places;
        private final KvCache grown;

        private Growth(Map<String, Tensor> places, KvCache grown) {
            this.places = places;
            this.grown = grown;
        }

        /** Memory for old and new keys and values, each [rows, keyValueHeads, columns, headSize], by output name of {@link GemmaGraph}. */
        Map<String, Tensor> places() {
            return places;
        }

        /** The cache, once {@link #places} are filled. */
        KvCache grown() {
            return grown;
        }
    }

    /** Makes room for more tokens of every row, if it can in the memory of the cache that this one was grown from. */
    Growth growth(int added) {
        int grownColumns = columns + added;
        int rows = padding.length;
        Optional<Memory> free =
                before.filter(cache -> cache.memory.holds(rows, grownColumns)).map(KvCache::surrender);
        before = Optional.empty();
        Memory next = free.orElseGet(() -> Memory.of(text, rows, grownColumns));
        KvCache grown = new KvCache(text, next, padding, grownColumns, Optional.of(this));
        return new Growth(next.tensors(Name.PRESENT, rows, grownColumns), grown);
    }

    private Memory surrender() {
        overwritten = true;
        return memory;
    }

    /** Each [rows, keyValueHeads, columns, headSize], by input name of {@link GemmaGraph}. */
    Map<String, Tensor> tensors() {
        if (overwritten) {
            throw new IllegalStateException(
                    "Cannot read a cache of " + columns
                            + " columns: the step after the next wrote over it; go on from the newest cache, or select rows first");
        }
        return tensors;
    }

    int[] padding() {
        return padding.clone();
    }

    int columns() {
        return columns;
    }

    /** Sequences side by side. */
    public int rows() {
        return padding.length;
    }

    /** A copy of the given rows in the given order; a row may be taken several times or not at all. */
    public KvCache select(int[] rows) {
        Memory copy = Memory.of(text, rows.length, columns);
        Map<String, Tensor> copies = copy.tensors(Name.PAST, rows.length, columns);
        tensors().forEach((name, tensor) -> copy(tensor, rows, copies.get(name)));
        int[] selectedPadding = IntStream.of(rows).map(row -> padding[row]).toArray();
        return new KvCache(text, copy, selectedPadding, columns, Optional.empty());
    }

    private static void copy(Tensor tensor, int[] rows, Tensor selected) {
        ByteBuffer source = tensor.buffer();
        ByteBuffer target = selected.buffer();
        int rowBytes = source.remaining() / Math.toIntExact(tensor.extent(0));
        for (int row : rows) {
            target.put(source.slice(row * rowBytes, rowBytes));
        }
    }

    /** The rows of several caches in turn: the shorter are padded on the left, columns of padding alone left out. */
    static KvCache joined(List<KvCache> caches) {
        if (caches.size() == 1) {
            return caches.get(0);
        }
        TextConfig text = caches.get(0).text;
        int common = caches.stream().mapToInt(KvCache::usedColumns).max().orElseThrow();
        int[] joinedPadding = caches.stream()
                .flatMapToInt(cache -> IntStream.of(cache.padding).map(hidden -> hidden + common - cache.columns))
                .toArray();
        Memory memory = Memory.of(text, joinedPadding.length, common);
        memory.tensors(Name.PAST, joinedPadding.length, common).forEach((name, joined) -> {
            ByteBuffer target = joined.buffer();
            caches.forEach(cache -> putLast(cache.tensors().get(name), common, target));
        });
        return new KvCache(text, memory, joinedPadding, common, Optional.empty());
    }

    private int usedColumns() {
        return columns - IntStream.of(padding).min().orElseThrow();
    }

    /** The last columns of each row and head, behind zeros where there are fewer. */
    private static void putLast(Tensor tensor, int columns, ByteBuffer target) {
        ByteBuffer source = tensor.buffer();
        int had = Math.toIntExact(tensor.extent(2));
        int bytes = Math.toIntExact(tensor.extent(3) * tensor.type().bytes());
        int kept = Math.min(had, columns);
        for (int from = 0; from < source.limit(); from += had * bytes) {
            target.position(target.position() + (columns - kept) * bytes);
            target.put(source.slice(from + (had - kept) * bytes, kept * bytes));
        }
    }

    /** How the graph calls keys and values. */
    private enum Name {
        PAST,
        PRESENT;

        String keys(int layer) {
            return this == PAST ? GemmaGraph.pastKeys(layer) : GemmaGraph.keys(layer);
        }

        String values(int layer) {
            return this == PAST ? GemmaGraph.pastValues(layer) : GemmaGraph.values(layer);
        }
    }

    /**
     * Room for a cache and for what it grows by. Memory outside the heap is given back only by the collector, and asking
     * for it at every token made a step of 4 rows wait 100 of 280 ms ({@code palispark benchmark generate}).
     *
     * @param buffers keys and values of each layer in turn
     */
    private record Memory(TextConfig text, List<ByteBuffer> buffers) {

        /** Tokens that a row can grow by before other memory is needed. */
        private static final int ROOM = 64;

        static Memory of(TextConfig text, int rows, int columns) {
            int capacity = columns == 0 ? 0 : columns + ROOM;
            List<ByteBuffer> buffers = new ArrayList<>();
            for (int i = 0; i < 2 * text.layers(); i++) {
                buffers.add(Tensor.allocate(ElementType.FLOAT32, rows, text.keyValueHeads(), capacity, text.headSize())
                        .buffer());
            }
            return new Memory(text, List.copyOf(buffers));
        }

        boolean holds(int rows, int columns) {
            return bytes(rows, columns) <= buffers.get(0).remaining();
        }

        private long bytes(int rows, int columns) {
            return (long) rows * text.keyValueHeads() * columns * text.headSize() * Float.BYTES;
        }

        Map<String, Tensor> tensors(Name name, int rows, int columns) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (int layer = 0; layer < text.layers(); layer++) {
                tensors.put(name.keys(layer), tensor(2 * layer, rows, columns));
                tensors.put(name.values(layer), tensor(2 * layer + 1, rows, columns));
            }
            return tensors;
        }

        private Tensor tensor(int place, int rows, int columns) {
            ByteBuffer front = buffers.get(place).slice(0, Math.toIntExact(bytes(rows, columns)));
            return Tensor.over(ElementType.FLOAT32, front, rows, text.keyValueHeads(), columns, text.headSize());
        }
    }
}

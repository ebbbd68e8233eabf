package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Orientation;
import io.palispark.geometry.PixelBox;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFacts;
import io.palispark.image.ImageProbe;
import io.palispark.report.BarChart;
import io.palispark.report.Outline;
import io.palispark.report.Page;
import io.palispark.report.PictureCard;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskPaster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The page of a prepared dataset. Its pictures are drawn from the tokens of published rows, not from the annotations: it
 * shows what a model will learn.
 */
final class PrepareReport {

    /** Larger picture files are not put into the page; their outlines are. */
    private static final int LARGEST_EMBEDDED = 512 << 10;

    private static final byte[] NOT_KEPT = new byte[0];

    private final PrepareConfig config;
    private final Storage storage;
    private final Mixture mixture;
    private final ObjectMapper json = new ObjectMapper();

    PrepareReport(PrepareConfig config, Storage storage, Mixture mixture) {
        this.config = config;
        this.storage = storage;
        this.mixture = mixture;
    }

    /** Stages {@code report/index.html}. */
    ShardFile stage(CommittedFolder output, List<PreparedPart> parts, PrepareResult result, JsonNode guardrails)
            throws IOException {
        Page page = new Page("Prepared dataset", config.output().path());
        if (config.codec().weights().equals(PrepareConfig.STAND_IN)) {
            page.notice(
                    "Made with the bundled stand-in weights: these mask tokens mean nothing to a PaliGemma checkpoint."
                            + " Set codec.weights to the official vae-oid.npz for real training data.");
        }
        account(page, result.ledger());
        splits(page, result.statistics());
        if (mixture.isNamed()) {
            PreparedTotals totals =
                    PreparedTotals.of(parts.stream().map(PreparedPart::receipt).toList());
            SourceAccounts.write(mixture, totals, page);
        }
        new GuardrailPage(guardrails).write(page);
        page.section("Rows, drawn from their tokens").pictures(cards(output, parts));
        byte[] html = page.html().getBytes(StandardCharsets.UTF_8);
        return output.stageNamed("report/index.html", stream -> stream.write(html));
    }

    private static void account(Page page, Ledger ledger) {
        List<List<String>> kinds = new ArrayList<>();
        for (RowKind kind : RowKind.values()) {
            Ledger.Tally tally = ledger.of(kind);
            if (tally.input() > 0) {
                kinds.add(List.of(
                        Settings.spelling(kind),
                        "" + tally.input(),
                        "" + tally.written(),
                        "" + tally.rejected(),
                        "" + tally.rejectedByPolicy()));
            }
        }
        page.section("What went in, what came out, what was lost")
                .table(List.of("record", "input", "written", "rejected", "of these by policy"), kinds);
        List<List<String>> reasons = ledger.reasons().stream()
                .map(reason -> List.of(
                        Settings.spelling(reason.kind()),
                        reason.reason().code(),
                        Settings.spelling(reason.outcome()),
                        "" + reason.count()))
                .toList();
        page.table(List.of("record", "reason", "outcome", "count"), reasons);
    }

    private static void splits(Page page, Map<String, TreeMap<String, Long>> statistics) {
        page.section("Splits");
        List<List<String>> rows = new ArrayList<>();
        statistics.forEach((split, counts) ->
                rows.add(List.of(split, "" + counts.getOrDefault("images", 0L), "" + counts.getOrDefault("rows", 0L))));
        page.table(List.of("split", "images", "rows"), rows);
        statistics.forEach((split, counts) -> {
            page.chart(new BarChart("Objects per class, " + split, named(counts, "class:")));
            page.chart(new BarChart("Rows by suffix tokens (bins of 16), " + split, named(counts, "tokens:")));
        });
    }

    private static Map<String, Long> named(TreeMap<String, Long> counts, String prefix) {
        TreeMap<String, Long> result = new TreeMap<>();
        counts.forEach((name, count) -> {
            if (name.startsWith(prefix)) {
                result.put(name.substring(prefix.length()), count);
            }
        });
        return result;
    }

    private List<PictureCard> cards(CommittedFolder output, List<PreparedPart> parts) throws IOException {
        List<PictureCard> cards = new ArrayList<>();
        for (PreparedPart part : parts) {
            Map<String, byte[]> pictures = new HashMap<>(part.pictures());
            for (ShardFile shard : part.receipt().data()) {
                if (!shard.path().endsWith(".meta.jsonl")) {
                    add(cards, text(output, shard), part.origin(), pictures);
                }
                if (cards.size() >= config.output().reportPictures()) {
                    return cards;
                }
            }
        }
        return cards;
    }

    private static String text(CommittedFolder output, ShardFile shard) throws IOException {
        try (InputStream content = output.open(shard)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void add(List<PictureCard> cards, String text, PreparedPart.Origin origin, Map<String, byte[]> pictures)
            throws IOException {
        for (String line : text.lines().toList()) {
            if (cards.size() >= config.output().reportPictures()) {
                return;
            }
            JsonNode row = json.readTree(line);
            String image = row.get("image").asText();
            boolean opened =
                    origin == PreparedPart.Origin.ENCODED && !config.tiles().writesPictures();
            if (!opened && !pictures.containsKey(image)) {
                read(image).ifPresent(content -> pictures.put(image, content));
            }
            Optional<PictureCard> card = card(
                    image,
                    pictures.getOrDefault(image, NOT_KEPT),
                    row.get("prefix").asText(),
                    row.get("suffix").asText());
            card.ifPresent(cards::add);
        }
    }

    /** A picture that this run has not opened to encode it, or that it wrote. */
    private Optional<byte[]> read(String image) throws IOException {
        Optional<ImageSource.Found> found = config.tiles().writesPictures()
                ? ViewPictures.written(storage, config).named(image)
                : mixture.find(image);
        return found.isPresent() && found.get().read() instanceof ImageContent content
                ? Optional.of(content.bytes())
                : Optional.empty();
    }

    private Optional<PictureCard> card(String image, byte[] content, String prefix, String suffix) {
        if (!(new ImageProbe(config.limits().images()).inspect(content) instanceof ImageFacts facts)) {
            return Optional.empty();
        }
        ImageSize size = switch (config.input().frames().training()) {
            case STORED -> facts.storedSize();
            case UPRIGHT -> Orientation.ofExif(facts.orientation()).apply(facts.storedSize());
        };
        String uri = content.length > LARGEST_EMBEDDED
                ? ""
                : "data:image/" + Settings.spelling(facts.format()) + ";base64,"
                        + Base64.getEncoder().encodeToString(content);
        return Optional.of(new PictureCard(
                image, uri, size.height(), size.width(), outlines(suffix, size), List.of(prefix, suffix)));
    }

    private List<Outline> outlines(String suffix, ImageSize size) {
        BoxQuantizer quantizer = new BoxQuantizer(config.convention());
        MaskCodec codec = PrepareTools.codec(config.codec());
        List<Outline> outlines = new ArrayList<>();
        for (SuffixObject object : SuffixParser.parse(
                        suffix, Optional.empty(), config.convention().order())
                .objects()) {
            Box box = quantizer.box(object.box(), size);
            PixelBox paste = quantizer.pasteBox(object.box(), size);
            String path = object.codes().isEmpty() || paste.isEmpty()
                    ? ""
                    : MaskPath.of(MaskPaster.paste(
                                    codec.decoder()
                                            .decode(List.of(object.codes().get()))
                                            .get(0),
                                    paste,
                                    size))
                            .path();
            outlines.add(new Outline(object.label(), box.x(), box.y(), box.width(), box.height(), path));
        }
        return outlines;
    }
}

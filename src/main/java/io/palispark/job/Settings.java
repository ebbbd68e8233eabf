package io.palispark.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.Parse;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The effective configuration of one job while it is read: asks for values by path, remembers every problem, and throws
 * them together in {@link #throwIfAny()}. Defaults and the set of known keys are the job's own commented file in
 * {@code conf/}; precedence is {@code --set} over the user's file over that default.
 */
public final class Settings {

    /** What the key of a secret ends with: {@code token} is one, {@code tokens} is a count. */
    private static final Pattern SECRET = Pattern.compile(
            "(?:^|[-_.])(?:token|secret|password|passphrase|credentials?)$|(?:api|access|secret|private|account)[-_.]?key$",
            Pattern.CASE_INSENSITIVE);

    /** A user and a password within a URL. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)[^/@:\\s]+:[^/@\\s]+(?=@)");

    private static final String REDACTED = "redacted";

    private final Config effective;
    private final String prefix;
    private final List<String> problems;

    private Settings(Config effective, String prefix, List<String> problems) {
        this.effective = effective;
        this.prefix = prefix;
        this.problems = problems;
    }

    /**
     * Reads the default of {@code job}, the user's file over it and the overrides over both.
     *
     * @param overrides {@code key=value} texts, later ones win
     */
    public static Settings of(String job, Optional<Path> file, List<String> overrides) {
        List<String> problems = new ArrayList<>();
        Config defaults = ConfigFactory.parseResources(
                Settings.class.getClassLoader(),
                "io/palispark/conf/" + job + ".conf",
                ConfigParseOptions.defaults().setAllowMissing(false));
        Config user = file.map(path -> parse(path, problems)).orElseGet(ConfigFactory::empty);
        for (String override : overrides) {
            user = override(user, override, problems);
        }
        unknownKeys("", user.root(), defaults.root(), problems);
        return new Settings(user.withFallback(defaults).resolve(), "", problems);
    }

    private static Config parse(Path path, List<String> problems) {
        if (!Files.isReadable(path)) {
            problems.add("Cannot read " + path + ": no such file, or no permission");
            return ConfigFactory.empty();
        }
        try {
            return ConfigFactory.parseFile(path.toFile());
        } catch (Parse invalid) {
            problems.add("Cannot parse " + path + ": " + invalid.getMessage());
            return ConfigFactory.empty();
        }
    }

    private static Config override(Config config, String override, List<String> problems) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            problems.add("Cannot read --set " + override + ": the form is key=value");
            return config;
        }
        String key = override.substring(0, equals).trim();
        try {
            return config.withValue(key, value(override.substring(equals + 1).trim()));
        } catch (com.typesafe.config.ConfigException invalid) {
            problems.add("Cannot read --set " + override + ": " + invalid.getMessage());
            return config;
        }
    }

    /** Lists, objects, numbers and quoted texts as HOCON; anything else, such as a path or a URL, is the text itself. */
    private static ConfigValue value(String text) {
        if (text.startsWith("[") || text.startsWith("{") || text.startsWith("\"")) {
            return ConfigFactory.parseString("value = " + text).getValue("value");
        }
        return ConfigValueFactory.fromAnyRef(text);
    }

    private static void unknownKeys(String prefix, ConfigObject user, ConfigObject known, List<String> problems) {
        for (Map.Entry<String, ConfigValue> entry : user.entrySet()) {
            String path = prefix + entry.getKey();
            ConfigValue expected = known.get(entry.getKey());
            if (expected == null) {
                problems.add(path + ": unknown key ("
                        + entry.getValue().origin().description() + "); known here: "
                        + String.join(", ", known.keySet().stream().sorted().toList()));
            } else if (expected instanceof ConfigObject section && !section.isEmpty()) {
                if (entry.getValue() instanceof ConfigObject given) {
                    unknownKeys(path + ".", given, section, problems);
                } else {
                    problems.add(path + ": a section of keys is expected here");
                }
            }
        }
    }

    public void problem(String path, String text) {
        problems.add(prefix + path + ": " + text);
    }

    /** True when the key has a value. */
    public boolean has(String path) {
        return effective.hasPath(path);
    }

    /**
     * The entries of a list of sections, whose problems are noted here.
     *
     * @param known keys that an entry may have
     * @param defaults values of keys that it may leave out
     */
    public List<Settings> entries(String path, Set<String> known, Map<String, ?> defaults) {
        List<? extends Config> configs = read(path, "a list of sections", List.<Config>of(), effective::getConfigList);
        List<Settings> entries = new ArrayList<>();
        for (Config config : configs) {
            String place = prefix + path + "[" + entries.size() + "].";
            config.root().keySet().stream()
                    .filter(key -> !known.contains(key))
                    .sorted()
                    .forEach(key -> problems.add(place + key + ": unknown key; known here: "
                            + String.join(", ", known.stream().sorted().toList())));
            entries.add(new Settings(config.withFallback(ConfigFactory.parseMap(defaults)), place, problems));
        }
        return entries;
    }

    /** Throws a {@link ConfigException} with all problems noted so far. */
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /**
     * The effective values as canonical JSON, keys sorted: what the manifest records, {@code --dry-run} prints and the
     * fingerprint hashes. Values of keys that name a secret are not in it.
     */
    public String canonicalJson() {
        return redacted(effective.root()).render(ConfigRenderOptions.concise());
    }

    /** A text whose URLs name no user and password, for logs and pages. */
    static String withoutLogin(String text) {
        return LOGIN.matcher(text).replaceAll(REDACTED);
    }

    private static ConfigValue redacted(ConfigValue value) {
        if (value instanceof ConfigList list) {
            return ConfigValueFactory.fromIterable(
                    list.stream().map(Settings::redacted).toList());
        }
        if (!(value instanceof ConfigObject section)) {
            return value.unwrapped() instanceof String text ? ConfigValueFactory.fromAnyRef(withoutLogin(text)) : value;
        }
        ConfigObject result = section;
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            boolean secret = SECRET.matcher(entry.getKey()).find();
            result = result.withValue(
                    entry.getKey(), secret ? ConfigValueFactory.fromAnyRef(REDACTED) : redacted(entry.getValue()));
        }
        return result;
    }

    /** A text, or empty (and a problem) when it is required and absent. */
    public String text(String path) {
        return read(path, "a text", "", effective::getString);
    }

    /** One text or a list of texts. */
    public List<String> texts(String path) {
        return read(
                path,
                "a text or a list of texts",
                List.<String>of(),
                key -> effective.getValue(key).valueType() == ConfigValueType.LIST
                        ? effective.getStringList(key)
                        : List.of(effective.getString(key)));
    }

    public int wholeNumber(String path, int least, int most) {
        int value = read(path, "a whole number", least, effective::getInt);
        if (value < least || value > most) {
            problem(path, value + " is out of range; it must lie between " + least + " and " + most);
        }
        return value;
    }

    public long longNumber(String path) {
        return read(path, "a whole number", 0L, effective::getLong);
    }

    public double number(String path, double least, double most) {
        double value = read(path, "a number", least, effective::getDouble);
        if (!(value >= least && value <= most)) {
            problem(path, value + " is out of range; it must lie between " + least + " and " + most);
        }
        return value;
    }

    public List<Double> numbers(String path) {
        return read(path, "a list of numbers", List.<Double>of(), effective::getDoubleList);
    }

    /** A size such as {@code 256 MiB}, in bytes. */
    public long bytes(String path) {
        return read(path, "a size such as 256 MiB", 0L, effective::getBytes);
    }

    public boolean flag(String path) {
        return read(path, "true or false", false, effective::getBoolean);
    }

    /** One of an enum's constants, spelled in lower case with dashes. */
    public <E extends Enum<E>> E choice(String path, Class<E> type) {
        return choiceOf(path, text(path), type);
    }

    public <E extends Enum<E>> List<E> choices(String path, Class<E> type) {
        return texts(path).stream().map(value -> choiceOf(path, value, type)).toList();
    }

    private <E extends Enum<E>> E choiceOf(String path, String value, Class<E> type) {
        E[] constants = type.getEnumConstants();
        for (E constant : constants) {
            if (spelling(constant).equals(value)) {
                return constant;
            }
        }
        String known = Arrays.stream(constants).map(Settings::spelling).collect(Collectors.joining(" | "));
        problem(path, "'" + value + "' is not one of " + known);
        return constants[0];
    }

    /** A constant as configurations and manifests write it. */
    static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A section of free keys as texts, sorted by key. */
    public Map<String, String> section(String path) {
        return effective.getConfig(path).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> String.valueOf(entry.getValue().unwrapped()),
                        (first, second) -> first,
                        java.util.TreeMap::new));
    }

    private <T> T read(String path, String expected, T otherwise, Function<String, T> reader) {
        if (!effective.hasPath(path)) {
            problem(path, "required, " + expected + " is expected");
            return otherwise;
        }
        try {
            return reader.apply(path);
        } catch (com.typesafe.config.ConfigException wrong) {
            problem(path, "'" + effective.getValue(path).unwrapped() + "' is not " + expected);
            return otherwise;
        }
    }
}

package io.palispark.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file name that stays below the folder it is resolved against.
 *
 * @param path forward slashes, no empty, {@code .} or {@code ..} component, relative
 */
public record SafeName(String path) {

    private static final Pattern SCHEME_OR_DRIVE = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:.*|.*://.*");

    /**
     * The safe form of a stated name: backslashes become slashes, {@code ./} and doubled slashes go.
     *
     * @return empty for an absolute path, a {@code ..} component, a drive letter or other scheme, an URL, a control
     *     character, and for names without a component
     */
    public static Optional<SafeName> of(String stated) {
        String slashed = stated.replace('\\', '/');
        if (slashed.startsWith("/")
                || !slashed.codePoints().allMatch(TextLine::isPrintable)
                || SCHEME_OR_DRIVE.matcher(slashed).matches()) {
            return Optional.empty();
        }
        List<String> components = new ArrayList<>();
        for (String component : slashed.split("/")) {
            if (component.equals("..")) {
                return Optional.empty();
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        return components.isEmpty() ? Optional.empty() : Optional.of(new SafeName(String.join("/", components)));
    }
}

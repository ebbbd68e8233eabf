package io.palispark.annotation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Addresses of pictures as names of files. Nothing is ever fetched. */
final class Address {

    private static final Pattern SCHEME_AND_HOST = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*/");

    private Address() {}

    /** What stands behind scheme and host, percent signs resolved; not yet known to be safe. */
    static String path(String address) {
        return decoded(SCHEME_AND_HOST.matcher(address).replaceFirst(""));
    }

    /** A percent sign that escapes nothing leaves the text as it is. */
    static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException plain) {
            return path;
        }
    }
}

package io.leat.broker.security;

import io.leat.broker.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a certificate's distinguished name into a user's name (KIP-371), by the first rule that
 * fits the whole name:
 *
 * <pre>
 * RULE:PATTERN/REPLACEMENT/     $1 is the pattern's first group
 * RULE:PATTERN/REPLACEMENT/L    in lower case; U in upper case
 * DEFAULT                       the name as it is
 * </pre>
 */
final class PrincipalMapping implements UnaryOperator<String> {
    private static final Pattern RULE =
            Pattern.compile(
                    "\\s*(?:(DEFAULT)|RULE:((?:\\\\.|[^\\\\/])*)/((?:\\\\.|[^\\\\/])*)/([LU]?)"
                            + ")\\s*(?:,|$)");

    private record Mapping(Pattern pattern, String replacement, String letters) {
        Optional<String> map(String name) {
            Matcher matcher = pattern.matcher(name);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String mapped = matcher.replaceFirst(replacement);
            return Optional.of(
                    switch (letters) {
                        case "L" -> mapped.toLowerCase(Locale.ROOT);
                        case "U" -> mapped.toUpperCase(Locale.ROOT);
                        default -> mapped;
                    });
        }
    }

    private final List<Mapping> mappings = new ArrayList<>();

    /**
     * Reads rules.
     *
     * @throws ConfigException when one cannot be read
     */
    PrincipalMapping(String rules) {
        Matcher matcher = RULE.matcher(rules);
        int position = 0;
        while (position < rules.length()) {
            if (!matcher.find(position) || matcher.start() != position) {
                throw flaw(rules.substring(position));
            }
            mappings.add(
                    matcher.group(1) != null
                            ? new Mapping(Pattern.compile("(?s).*"), "$0", "")
                            : mapping(matcher));
            position = matcher.end();
        }
    }

    private static Mapping mapping(Matcher rule) {
        String pattern = rule.group(2);
        String replacement = rule.group(3).replaceAll("\\\\(.)", "$1");
        try {
            Mapping mapping = new Mapping(Pattern.compile(pattern), replacement, rule.group(4));
            // Whether it names groups that the pattern has: else the first certificate would tell.
            var _ = Pattern.compile("(?:" + pattern + ")|").matcher("").replaceFirst(replacement);
            return mapping;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw flaw(rule.group());
        }
    }

    private static ConfigException flaw(String rule) {
        return new ConfigException(
                "ssl.principal.mapping.rules: expected RULE:PATTERN/REPLACEMENT/[L|U] or DEFAULT,"
                        + " not "
                        + rule);
    }

    /** A name that no rule fits stays as it is, and is nobody's by the ACLs. */
    @Override
    public String apply(String name) {
        return mappings.stream().flatMap(each -> each.map(name).stream()).findFirst().orElse(name);
    }
}

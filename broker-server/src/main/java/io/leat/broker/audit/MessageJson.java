package io.leat.broker.audit;

import io.leat.wire.ErrorCode;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Messages as JSON, without what might be secret: bytes are left out, whatever they are, and so are
 * values of settings whose name speaks of a secret.
 */
final class MessageJson {
    private static final int STRING_CHARS_MAX = 1_000;

    private MessageJson() {}

    /** Writes a message. */
    static void write(StringBuilder out, Object value) {
        switch (value) {
            case Boolean bool -> out.append(bool);
            case Number number -> out.append(number);
            case UUID id -> string(out, id.toString());
            case String text -> string(out, text);
            case Iterable<?> elements -> {
                String divider = "[";
                for (Object element : elements) {
                    out.append(divider);
                    write(out, element);
                    divider = ",";
                }
                out.append(divider.equals("[") ? "[]" : "]");
            }
            case Record message -> record(out, message);
            default -> out.append("\"(bytes)\"");
        }
    }

    private static void record(StringBuilder out, Record message) {
        boolean secret = speaksOfSecret(message);
        String divider = "{";
        for (RecordComponent component : message.getClass().getRecordComponents()) {
            Object value = read(component, message);
            if (value != null) {
                out.append(divider);
                string(out, component.getName());
                out.append(':');
                if (secret && component.getName().equals("value")) {
                    out.append("\"(secret)\"");
                } else {
                    write(out, value);
                }
                divider = ",";
            }
        }
        out.append(divider.equals("{") ? "{}" : "}");
    }

    private static boolean speaksOfSecret(Record message) {
        for (RecordComponent component : message.getClass().getRecordComponents()) {
            if (component.getName().equals("name")
                    && read(component, message) instanceof String name) {
                String lower = name.toLowerCase(Locale.ROOT);
                return lower.contains("password")
                        || lower.contains("secret")
                        || lower.contains("jaas")
                        || lower.endsWith(".key");
            }
        }
        return false;
    }

    /** The names of all errors in a message. */
    static Set<String> errors(Object message) {
        Set<String> errors = new TreeSet<>();
        collect(message, errors);
        return errors;
    }

    private static void collect(Object value, Set<String> errors) {
        if (value instanceof Iterable<?> elements) {
            elements.forEach(element -> collect(element, errors));
        } else if (value instanceof Record message) {
            for (RecordComponent component : message.getClass().getRecordComponents()) {
                Object part = read(component, message);
                if (part instanceof Short code && component.getName().endsWith("rrorCode")) {
                    if (code != ErrorCode.NONE.code()) {
                        errors.add(String.valueOf(ErrorCode.of(code)));
                    }
                } else if (part != null) {
                    collect(part, errors);
                }
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Object read(
            RecordComponent component, Record message) {
        try {
            return component.getAccessor().invoke(message);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(message.getClass().getName(), e);
        }
    }

    /** Writes a text, cut where it is long. */
    static void string(StringBuilder out, String text) {
        out.append('"');
        int length = Math.min(text.length(), STRING_CHARS_MAX);
        for (int index = 0; index < length; index++) {
            char letter = text.charAt(index);
            switch (letter) {
                case '"', '\\' -> out.append('\\').append(letter);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (letter < ' ') {
                        out.append("\\u%04x".formatted((int) letter));
                    } else {
                        out.append(letter);
                    }
                }
            }
        }
        out.append(length < text.length() ? "...\"" : "\"");
    }
}

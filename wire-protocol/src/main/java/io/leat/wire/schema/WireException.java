package io.leat.wire.schema;

/** A message that cannot be read or written; says where: message, version, field. */
public abstract sealed class WireException extends RuntimeException
        permits MalformedMessageException, UnencodableMessageException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private String path = "";

    WireException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** Called from the inside out while the exception passes through the structs. */
    final void inField(String name) {
        path = path.isEmpty() || path.startsWith("[") ? name + path : name + "." + path;
    }

    final void inElement(int index) {
        String element = "[" + index + "]";
        path = path.isEmpty() || path.startsWith("[") ? element + path : element + "." + path;
    }

    final void inMessage(String name, short version) {
        path = name + " v" + version + (path.isEmpty() ? "" : ", " + path);
    }

    @Override
    public final String getMessage() {
        return path.isEmpty() ? problem : path + ": " + problem;
    }
}

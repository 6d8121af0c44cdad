package io.leat.cli.command;

/** What the process says at its end to the script that started it. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** Not done: the message says why. */
    public static final int FAILED = 1;

    /** The command line is not right: nothing was tried. */
    public static final int USAGE = 2;

    /** Ended by Ctrl-C (128 + SIGINT), as the JVM does by itself. */
    public static final int INTERRUPTED = 130;

    /** Nobody reads the output any more (128 + SIGPIPE). */
    public static final int OUTPUT_CLOSED = 141;

    private ExitCode() {}
}

package io.leat.tests.harness;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Command lines for programs that run in a JVM like this one. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * A command for a small program.
     *
     * @param classPath folders and jars, as the JVM takes them
     */
    public static List<String> of(String classPath, Class<?> main, List<String> arguments) {
        return of(classPath, main.getName(), List.of(), arguments);
    }

    public static List<String> of(
            String classPath, String main, List<String> jvmArguments, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Short-lived programs on a small machine: the first compiler is enough.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:auto");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(classPath);
        command.add(main);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    /** The class path of the tests. */
    public static String testClassPath() {
        return System.getProperty("java.class.path");
    }

    /** A class path of the places that these classes were loaded from. */
    public static String classPathOf(Class<?>... classes) {
        return List.of(classes).stream()
                .map(JavaCommand::place)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

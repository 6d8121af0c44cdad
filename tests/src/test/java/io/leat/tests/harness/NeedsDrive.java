package io.leat.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that use a {@link Drive}. Where a program is missing, or the machine does not let us
 * mount, they are skipped and say so. {@code .ci/run} installs the programs, and accepts of all
 * skipped tests only those whose reason begins with {@value Possible#FORBIDDEN}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(NeedsDrive.Possible.class)
public @interface NeedsDrive {

    /** Tries what a drive needs, once, with commands of its own. */
    final class Possible implements ExecutionCondition {
        static final String FORBIDDEN = "Forbidden on this machine: ";

        private static final Map<String, String> PROGRAMS =
                Map.of(
                        "gcc", "gcc --version",
                        "fuse3", "fusermount3 --version",
                        "libfuse3-dev and pkg-config", "pkg-config --exists fuse3",
                        "e2fsprogs", "mkfs.ext4 -V",
                        "util-linux", "setsid --version");
        private static final List<Map.Entry<String, String>> RIGHTS =
                List.of(
                        Map.entry("being root", "[ $(id -u) = 0 ]"),
                        Map.entry("FUSE", "exec 3<>/dev/fuse"),
                        Map.entry("loop devices", "exec 3<>/dev/loop-control && losetup -f"),
                        Map.entry(
                                "mounting",
                                "f=$(mktemp -d); mount -t tmpfs none $f && umount $f; r=$?;"
                                        + " rmdir $f; exit $r"));
        private static final Optional<String> OBSTACLE = obstacle();

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return OBSTACLE.map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("drives can be made"));
        }

        private static Optional<String> obstacle() {
            List<String> missing =
                    PROGRAMS.entrySet().stream()
                            .filter(program -> !works(program.getValue()))
                            .map(Map.Entry::getKey)
                            .sorted()
                            .toList();
            if (!missing.isEmpty()) {
                return Optional.of("not installed: " + String.join(", ", missing));
            }
            return RIGHTS.stream()
                    .filter(right -> !works(right.getValue()))
                    .map(right -> FORBIDDEN + right.getKey())
                    .findFirst();
        }

        private static boolean works(String command) {
            try {
                Process process =
                        new ProcessBuilder("bash", "-c", command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}

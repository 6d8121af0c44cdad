package io.leat.tests.harness;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Marks tests that need programs which a developer's machine may lack. Without them they are
 * skipped and say so; {@code .ci/run} installs them and accepts no skipped test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsProgram.OnPath.class)
public @interface NeedsProgram {
    /** Names of programs that must be on the PATH. */
    String[] value();

    /** Looks for the programs. */
    final class OnPath implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            List<String> missing =
                    AnnotationSupport.findAnnotation(context.getElement(), NeedsProgram.class)
                            .map(needs -> List.of(needs.value()))
                            .orElse(List.of())
                            .stream()
                            .filter(program -> !onPath(program))
                            .toList();
            return missing.isEmpty()
                    ? ConditionEvaluationResult.enabled("all programs found")
                    : ConditionEvaluationResult.disabled("not on the PATH: " + missing);
        }

        private static boolean onPath(String program) {
            for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
                if (Files.isExecutable(Path.of(folder, program))) {
                    return true;
                }
            }
            return false;
        }
    }
}

package io.leat.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Folders;
import io.leat.tests.harness.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the distribution brings along is in its bill of materials, and named in ARCHITECTURE.md with
 * the reason, by its group; and what is named there is brought along.
 */
class DependenciesTest {
    private static final String OURS = "io.leat";
    private static final Pattern COMPONENT =
            Pattern.compile(
                    "\"purl\" : \"pkg:maven/([^/@\"]+)/([^@\"]+)@([^?\"]+)(?:\\?[^\"]*)?\"");

    /** A row of the table: what, where, why. */
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+?) \\| (.+?) \\| (.*?) \\|$", Pattern.MULTILINE);

    private static final Pattern GROUP = Pattern.compile("`([a-z]\\w*(?:\\.\\w+)+)`");

    private record Component(String group, String name, String version) {}

    @Test
    void eachIsNamedWithItsReasonAndNoOtherIs() throws IOException {
        Set<String> shipped =
                components().stream()
                        .map(Component::group)
                        .filter(group -> !group.equals(OURS))
                        .collect(Collectors.toCollection(TreeSet::new));
        Map<String, String> named = named();
        assertEquals(
                shipped,
                named.keySet(),
                "the table 'Dependencies, and why each' of ARCHITECTURE.md has what the"
                        + " distribution has");
        assertEquals(
                List.of(),
                named.entrySet().stream()
                        .filter(entry -> entry.getValue().isBlank())
                        .map(Map.Entry::getKey)
                        .toList(),
                "without a reason");
    }

    @Test
    void theBillOfMaterialsHasEveryJar() throws IOException {
        Set<String> listed =
                components().stream()
                        .map(component -> component.name() + "-" + component.version())
                        .collect(Collectors.toSet());
        Set<String> unlisted = new TreeSet<>();
        try (Stream<Path> jars = Files.list(distribution().resolve("lib"))) {
            jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> !name.equals("leat.jar"))
                    // The classifier of a native library follows its version.
                    .filter(name -> listed.stream().noneMatch(name::startsWith))
                    .forEach(unlisted::add);
        }
        assertEquals(Set.of(), unlisted);
    }

    private static List<Component> components() throws IOException {
        String bill = Files.readString(distribution().resolve("sbom.json"));
        assertTrue(bill.contains("\"bomFormat\" : \"CycloneDX\""), "not of CycloneDX");
        List<Component> components =
                COMPONENT
                        .matcher(bill)
                        .results()
                        .map(found -> new Component(found.group(1), found.group(2), found.group(3)))
                        .toList();
        assertTrue(components.size() > 20, components::toString);
        return components;
    }

    /** The groups in the table's first column, each with its reason. */
    private static Map<String, String> named() throws IOException {
        String text = Files.readString(Folders.repository().resolve("ARCHITECTURE.md"));
        int from = text.indexOf("\n## Dependencies, and why each\n");
        String section = text.substring(from, text.indexOf("\n## ", from + 1));
        Map<String, String> named = new TreeMap<>();
        ROW.matcher(section)
                .results()
                .forEach(row ->
                        GROUP.matcher(row.group(1))
                                .results()
                                .forEach(group -> named.put(group.group(1), row.group(3))));
        return named;
    }

    private static Path distribution() {
        Launcher.prepare();
        return Folders.repository().resolve("cli/target/dist");
    }
}

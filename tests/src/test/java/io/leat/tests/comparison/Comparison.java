package io.leat.tests.comparison;

import io.leat.tests.comparison.Workload.Contestant;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.KafkaBroker;
import io.leat.tests.harness.Launcher;
import io.leat.tests.harness.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat bench compare}. */
@Command(
        name = "leat bench compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Start Apache Kafka and Leat in turn on this machine, each as it is shipped, drive"
                    + " both",
            "with Kafka's own tools and clients over loopback, and print the ratios."
        },
        footer = {
            "%nExamples:",
            "  leat bench compare",
            "  leat bench compare --only produce-1k,consume --pairs 1",
            "  leat bench compare --scale 0.1 --output /tmp/quick"
        })
public final class Comparison implements Callable<Integer> {
    private static final String COLD = "consume-cold";

    /** What the largest workloads leave on the disk at a time, with room to spare. */
    private static final double DISK_BYTES = 20e9;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "How often each workload runs on each broker (default: 3).")
    private int pairs = 3;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Only these workloads; their names: --list.")
    private List<String> only = List.of();

    @Option(
            names = "--scale",
            paramLabel = "FACTOR",
            description =
                    "Multiply all numbers of records and seconds (default: 1). Small ones measure"
                            + " the warming up of both.")
    private double scale = 1;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "Where compare.txt, compare.json and compare.svg go.")
    private Path output = Folders.target().resolve("compare");

    @Option(names = "--list", description = "Print the workloads and end.")
    private boolean list;

    private final Set<TestBroker> open = ConcurrentHashMap.newKeySet();
    private boolean failed;

    public static void main(String[] args) {
        int code = new CommandLine(new Comparison()).execute(args);
        System.out.flush();
        System.exit(code); // whatever the clients' threads still wait for
    }

    @Override
    public Integer call() {
        List<Workload> chosen = choose();
        if (list) {
            chosen.forEach(each -> System.out.printf("%-24s %s%n", each.name(), each.title()));
            return ExitCode.OK;
        }
        if (pairs < 1 || scale <= 0) {
            throw usage("--pairs must be at least 1 and --scale above 0");
        }
        List<Workload> possible = withoutImpossible(chosen);
        requireDisk();
        // Without it the folders of brokers that are running would stay.
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().unstarted(() -> open.forEach(TestBroker::close)));
        Path folder = calledFrom().resolve(output);
        List<Result> results = new ArrayList<>();
        Launcher.prepare();
        try {
            for (Workload workload : possible) {
                results.add(compare(workload));
                // After each, so that a run that is ended early leaves what it found.
                report(results).write(folder);
            }
            System.out.println(report(results).table());
            report(results).write(folder).forEach(file -> System.out.println("Written: " + file));
        } catch (IOException e) {
            throw usage("cannot write to " + folder + ": " + e.getMessage());
        }
        return failed ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Maven has changed the directory; the launcher says where it was. */
    private static Path calledFrom() {
        return Path.of(Objects.requireNonNullElse(System.getenv("LEAT_CALLED_FROM"), ""));
    }

    private List<Workload> withoutImpossible(List<Workload> chosen) {
        if (Workloads.canDropPageCache()) {
            return chosen;
        }
        List<Workload> possible =
                chosen.stream().filter(each -> !each.name().equals(COLD)).toList();
        if (possible.size() < chosen.size()) {
            System.err.println(COLD + " is left out: only root can drop the page cache");
        }
        if (possible.isEmpty()) {
            throw usage("nothing is left to compare");
        }
        return possible;
    }

    private void requireDisk() {
        try {
            long free =
                    Files.getFileStore(Files.createDirectories(Folders.target())).getUsableSpace();
            double needed = DISK_BYTES * scale;
            if (free < needed) {
                throw usage(
                        "%s has %.0f GB free, and the brokers take up to %.0f GB; make room, or"
                                        .formatted(Folders.target(), free / 1e9, needed / 1e9)
                                + " choose a smaller --scale");
            }
        } catch (IOException e) {
            throw usage("cannot use " + Folders.target() + ": " + e.getMessage());
        }
    }

    private Report report(List<Result> results) throws IOException {
        return new Report(machine(), pairs, scale, results);
    }

    private List<Workload> choose() {
        List<Workload> all = Workloads.all();
        Set<String> names = all.stream().map(Workload::name).collect(Collectors.toSet());
        for (String name : only) {
            if (!names.contains(name)) {
                throw usage("no workload is called " + name + "; see --list");
            }
        }
        return all.stream().filter(each -> only.isEmpty() || only.contains(each.name())).toList();
    }

    /** A B A B ..., and every second time B A, so that what drifts hits both. */
    private Result compare(Workload workload) {
        Result result = new Result(workload);
        // On ext4 without a journal new files are slow while inodes were freed in the last minute:
        // it looks all of those through. So what has many files goes when all have run.
        List<TestBroker> kept = new ArrayList<>();
        try {
            compare(workload, result, kept);
        } finally {
            kept.forEach(this::close);
        }
        return result;
    }

    private void compare(Workload workload, Result result, List<TestBroker> kept) {
        for (int pair = 0; pair < pairs; pair++) {
            List<Contestant> order = workload.contestants();
            for (Contestant contestant : pair % 2 == 0 ? order : order.reversed()) {
                System.err.printf(
                        "%s: %s, %d of %d ... ",
                        workload.name(), contestant.label(), pair + 1, pairs);
                long begin = System.nanoTime();
                // What the one before has left to be written, and its files that are removed, must
                // not slow this one.
                Tools.sync();
                TestBroker broker = contestant.candidate().create(contestant.settings());
                kept.add(broker);
                open.add(broker);
                run(workload, contestant, broker, result);
                if (!workload.manyFiles()) {
                    close(broker);
                    kept.remove(broker);
                }
                System.err.printf("%.0f s%n", (System.nanoTime() - begin) / 1e9);
            }
        }
    }

    private void close(TestBroker broker) {
        broker.close();
        open.remove(broker);
    }

    /** A run that fails is told of and has no figures; the others go on. */
    private void run(Workload workload, Contestant contestant, TestBroker broker, Result result) {
        try {
            Bench bench = new Bench(broker, scale);
            workload.action().run(bench);
            broker.stop();
            result.add(contestant.label(), bench.results());
        } catch (Exception | AssertionError e) {
            failed = true;
            System.err.printf("%nFAILED, %s on %s: %s%n", workload.name(), contestant.label(), e);
            System.err.println(broker.lastOutput());
        }
    }

    private static String machine() throws IOException {
        String cpu =
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("unknown processor");
        return String.format(
                "Apache Kafka %s and Leat, driven by Kafka's tools and clients %s, on %d cores"
                        + " (%s), Linux %s, JDK %s",
                KafkaBroker.version(),
                Tools.version(),
                Runtime.getRuntime().availableProcessors(),
                cpu,
                System.getProperty("os.version"),
                Runtime.version());
    }
}

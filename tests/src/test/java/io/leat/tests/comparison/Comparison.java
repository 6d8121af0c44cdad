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
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
public final class Comparison implements Runnable {
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

    public static void main(String[] args) {
        int code = new CommandLine(new Comparison()).execute(args);
        System.out.flush();
        System.exit(code); // whatever the clients' threads still wait for
    }

    @Override
    public void run() {
        List<Workload> chosen = choose();
        if (list) {
            chosen.forEach(each -> System.out.printf("%-24s %s%n", each.name(), each.title()));
            return;
        }
        if (pairs < 1 || scale <= 0) {
            throw new ParameterException(
                    spec.commandLine(), "--pairs must be at least 1 and --scale above 0");
        }
        List<Result> results = new ArrayList<>();
        Launcher.prepare();
        try {
            for (Workload workload : chosen) {
                results.add(compare(workload));
                // After each, so that a run that is ended early leaves what it found.
                new Report(machine(), results).write(output);
            }
            Report report = new Report(machine(), results);
            System.out.println(report.table());
            report.write(output).forEach(file -> System.out.println("Written: " + file));
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "cannot write to " + output + ": " + e.getMessage());
        }
    }

    private List<Workload> choose() {
        List<Workload> all = Workloads.all();
        Set<String> names = all.stream().map(Workload::name).collect(Collectors.toSet());
        for (String name : only) {
            if (!names.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), "no workload is called " + name + "; see --list");
            }
        }
        return all.stream()
                .filter(each -> only.isEmpty() || only.contains(each.name()))
                .filter(each -> !each.name().equals("consume-cold") || Workloads.canDropPageCache())
                .toList();
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
            kept.forEach(TestBroker::close);
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
                run(workload, contestant, broker, result);
                broker.stop();
                if (!workload.manyFiles()) {
                    broker.close();
                    kept.remove(broker);
                }
                System.err.printf("%.0f s%n", (System.nanoTime() - begin) / 1e9);
            }
        }
    }

    private void run(Workload workload, Contestant contestant, TestBroker broker, Result result) {
        try {
            Bench bench = new Bench(broker, scale);
            workload.action().run(bench);
            result.add(contestant.label(), bench.results());
        } catch (Exception e) {
            throw new IllegalStateException(
                    workload.name() + " failed on " + contestant.label(), e);
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
                "Apache Kafka %s and Leat on %d cores (%s), Linux %s, JDK %s",
                KafkaBroker.version(),
                Runtime.getRuntime().availableProcessors(),
                cpu,
                System.getProperty("os.version"),
                Runtime.version());
    }
}

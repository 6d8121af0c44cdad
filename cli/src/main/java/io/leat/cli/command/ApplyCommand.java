package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.cli.topology.BrokerTopology;
import io.leat.cli.topology.Change;
import io.leat.cli.topology.Planner;
import io.leat.cli.topology.Planner.Plan;
import io.leat.cli.topology.Topology;
import io.leat.cli.topology.TopologyException;
import io.leat.cli.topology.TopologyReader;
import io.leat.client.LeatClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat apply}. */
@Command(
        name = "apply",
        description = {
            "Make topics, settings of groups, quotas, users and ACLs what a file says.",
            "Nothing is done before the whole file is checked and every step is known. A section"
                + " that the file does not have is left alone; of what it names, all settings are"
                + " made as it says. Nothing is deleted without --prune. Passwords stand in the"
                + " environment or in files of their own, and are set for users that are new."
        },
        footer = {
            "%nExamples:",
            "  leat export > topology.yaml",
            "  leat apply topology.yaml --dry-run",
            "  leat apply topology.yaml",
            "  leat apply topology.yaml --prune --protect 'audit-*'",
            "%nA file:",
            "  topics:",
            "    orders: {partitions: 6, configs: {retention.ms: 86400000}}",
            "  groups:",
            "    billing: {configs: {consumer.session.timeout.ms: 45000}}",
            "  quotas:",
            "    - {user: alice, producer_byte_rate: 1048576}",
            "    - {client-id: <default>, request_percentage: 200}",
            "  users:",
            "    alice: {password: '$${env:ALICE_PASSWORD}'}",
            "  acls:",
            "    - {principal: User:alice, topic: orders-, prefixed: true, operations: [read,"
                    + " write]}"
        })
public final class ApplyCommand implements Callable<Integer> {
    private static final String LEATS_OWN = "__*";

    private final Terminal terminal;

    @Mixin private ClientOptions options;

    @Parameters(paramLabel = "FILE", description = "A YAML file; - reads the input.")
    private String file = "";

    @Option(
            names = {"-n", "--dry-run"},
            description = "Show the steps and take none. Exit code 0 also where there are some.")
    private boolean dryRun;

    @Option(
            names = "--prune",
            description =
                    "Delete topics, settings, quotas, users and ACLs that the file's sections do"
                            + " not name.")
    private boolean prune;

    @Option(
            names = "--protect",
            paramLabel = "PATTERN",
            description = "Topics that --prune spares, such as 'audit-*'. Repeatable.")
    private List<String> protectedPatterns = new ArrayList<>();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before topics and users are deleted.")
    private boolean yes;

    public ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    /** A step and how it ended. */
    private record Step(Change change, String outcome) {}

    @Override
    public Integer call() {
        Topology wanted;
        try {
            wanted = TopologyReader.read(file.equals("-") ? "input" : file, text());
        } catch (TopologyException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        return options.withAdmin(admin -> {
            BrokerTopology broker = new BrokerTopology(admin);
            Plan plan = Planner.plan(wanted, broker.read(wanted.sections()), prune, spared());
            List<String> flaws = new ArrayList<>(plan.impossible());
            flaws.addAll(broker.flaws(plan.changes()));
            if (!flaws.isEmpty()) {
                flaws.forEach(flaw -> terminal.message("leat: " + flaw));
                throw new CommandFailure(
                        "Nothing done: " + flaws.size() + " of the file's wishes cannot be met");
            }
            if (plan.changes().isEmpty()) {
                options.output().done("Nothing to change", report(List.of(), dryRun));
                return ExitCode.OK;
            }
            return dryRun ? show(plan) : apply(broker, plan);
        });
    }

    private String text() {
        try {
            return file.equals("-")
                    ? new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new CommandFailure("There is no file " + file, e);
        } catch (IOException e) {
            throw new CommandFailure("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Deletes what nobody protects; topics that begin with two underscores are always spared. */
    private Predicate<String> spared() {
        List<Pattern> patterns = new ArrayList<>();
        patterns.add(glob(LEATS_OWN));
        protectedPatterns.forEach(pattern -> patterns.add(glob(pattern)));
        return name -> patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }

    private int show(Plan plan) {
        if (options.isJson()) {
            options.output()
                    .show(
                            report(
                                    plan.changes().stream()
                                            .map(c -> new Step(c, "planned"))
                                            .toList(),
                                    true));
        } else {
            new PlanText(terminal).print(plan.changes());
            terminal.line(plan.changes().size() + " changes, none made");
        }
        return ExitCode.OK;
    }

    private int apply(BrokerTopology broker, Plan plan) {
        confirm(plan);
        PlanText text = new PlanText(terminal);
        List<Step> steps = new ArrayList<>();
        int failed = 0;
        for (Change change : plan.changes()) {
            String outcome = "done";
            try {
                broker.apply(change);
            } catch (LeatClientException e) {
                failed++;
                outcome = String.valueOf(e.getMessage());
                terminal.message("leat: " + change.subject() + ": " + e.getMessage());
            }
            steps.add(new Step(change, outcome));
            if (!options.isJson() && outcome.equals("done")) {
                text.print(List.of(change));
            }
        }
        int done = steps.size() - failed;
        if (options.isJson()) {
            options.output().show(report(steps, false));
        } else {
            terminal.line(
                    failed == 0
                            ? "Made " + done + " changes"
                            : "Made %d of %d changes".formatted(done, steps.size()));
        }
        return failed == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void confirm(Plan plan) {
        List<String> users = subjects(plan, Change.DeleteUser.class);
        List<String> topics = subjects(plan, Change.DeleteTopic.class);
        List<String> deleted = new ArrayList<>(users);
        deleted.addAll(topics);
        String records = topics.isEmpty() ? "" : " with all records";
        if (!deleted.isEmpty()
                && !yes
                && !terminal.confirm("Delete " + String.join(", ", deleted) + records + "?")) {
            throw new CommandFailure("Nothing done");
        }
    }

    private static List<String> subjects(Plan plan, Class<? extends Change> type) {
        return plan.changes().stream().filter(type::isInstance).map(Change::subject).toList();
    }

    private static Report report(List<Step> steps, boolean dryRun) {
        long done = steps.stream().filter(step -> step.outcome().equals("done")).count();
        return new Report()
                .fact("Dry run", "dryRun", dryRun)
                .fact("Changes", "changeCount", steps.size())
                .fact("Made", "doneCount", done)
                .table(
                        "Changes",
                        "changes",
                        Table.of(steps)
                                .text("ACTION", "action", step -> PlanText.action(step.change()))
                                .text("SUBJECT", "subject", step -> step.change().subject())
                                .text("KEY", "key", step -> PlanText.key(step.change()))
                                .text("FROM", "from", step -> PlanText.from(step.change()))
                                .text("TO", "to", step -> PlanText.to(step.change()))
                                .text("OUTCOME", "outcome", Step::outcome));
    }
}

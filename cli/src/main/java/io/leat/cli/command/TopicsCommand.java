package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.Compaction;
import io.leat.client.ConfigChange;
import io.leat.client.ConfigEntry;
import io.leat.client.ConfigResource;
import io.leat.client.LeatClientException;
import io.leat.client.NewTopic;
import io.leat.client.Node;
import io.leat.client.OffsetAndTimestamp;
import io.leat.client.OffsetSpec;
import io.leat.client.TopicDescription;
import io.leat.client.TopicListing;
import io.leat.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat topics}. */
@Command(
        name = "topics",
        description = "Create, list, describe, alter and delete topics; erase keys from them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EraseCommand.class, ErasuresCommand.class},
        footer = {
            "%nExamples:",
            "  leat topics create orders --partitions 6 --config retention.ms=604800000",
            "  leat topics list --output json",
            "  leat topics describe orders",
            "  leat topics alter orders --partitions 12 --config max.message.bytes=2000000",
            "  leat topics erase orders --key customer-17"
        })
public final class TopicsCommand {
    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    public TopicsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "Create topics.")
    int create(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Their names.")
                    List<String> names,
            @Option(
                            names = {"-p", "--partitions"},
                            paramLabel = "N",
                            description = "How many partitions (default: the broker's).")
                    Optional<Integer> partitions,
            @Option(
                            names = {"-r", "--replication-factor"},
                            paramLabel = "N",
                            description = "How many copies (default: the broker's).")
                    Optional<Integer> replicationFactor,
            @Option(
                            names = {"-c", "--config"},
                            paramLabel = "KEY=VALUE",
                            description = "A setting, such as retention.ms=86400000.")
                    @Nullable Map<String, String> configs,
            @Option(
                            names = "--if-not-exists",
                            description = "Leave topics that are there as they are.")
                    boolean ifNotExists) {
        List<NewTopic> topics =
                names.stream()
                        .map(name -> newTopic(name, partitions, replicationFactor, configs))
                        .toList();
        return options.withAdmin(admin -> {
            List<NewTopic> missing = ifNotExists ? missing(admin, topics) : topics;
            admin.createTopics(missing);
            List<String> created = missing.stream().map(NewTopic::name).toList();
            options.output()
                    .done(
                            created.isEmpty()
                                    ? "Nothing to create"
                                    : "Created " + String.join(", ", created),
                            new Report().fact("Created", "created", created));
            return ExitCode.OK;
        });
    }

    private NewTopic newTopic(
            String name,
            Optional<Integer> partitions,
            Optional<Integer> replicationFactor,
            @Nullable Map<String, String> configs) {
        try {
            return new NewTopic(
                    name,
                    partitions.map(OptionalInt::of).orElse(OptionalInt.empty()),
                    replicationFactor.map(OptionalInt::of).orElse(OptionalInt.empty()),
                    given(configs));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private static List<NewTopic> missing(Admin admin, List<NewTopic> topics) {
        List<String> existing = admin.listTopics().stream().map(TopicListing::name).toList();
        return topics.stream().filter(topic -> !existing.contains(topic.name())).toList();
    }

    @Command(description = "List topics.")
    int list(
            @Mixin ClientOptions options,
            @Option(names = "--internal", description = "Also those that brokers use themselves.")
                    boolean internal) {
        return options.withAdmin(admin -> {
            List<TopicListing> topics =
                    admin.listTopics().stream()
                            .filter(topic -> internal || !topic.internal())
                            .toList();
            options.output()
                    .show(
                            Table.of(topics)
                                    .text("TOPIC", "name", TopicListing::name)
                                    .number(
                                            "PARTITIONS",
                                            "partitions",
                                            TopicListing::partitionCount)
                                    .number(
                                            "REPLICAS",
                                            "replicationFactor",
                                            TopicListing::replicationFactor)
                                    .text("ID", "id", TopicListing::id));
            return ExitCode.OK;
        });
    }

    @Command(description = "Show a topic's partitions, offsets and settings.")
    int describe(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String name,
            @Option(names = "--all-configs", description = "Also settings left at their default.")
                    boolean allConfigs) {
        return options.withAdmin(
                name,
                admin -> {
                    TopicDescription topic = admin.describeTopic(name);
                    List<PartitionRow> partitions = partitions(admin, topic);
                    List<ConfigEntry> all = admin.describeConfigs(ConfigResource.topic(name));
                    List<ConfigEntry> configs =
                            all.stream().filter(entry -> allConfigs || !entry.isDefault()).toList();
                    Report report = report(topic, partitions, configs);
                    compaction(admin, name, all).ifPresent(rows -> addCompaction(report, rows));
                    options.output().show(report);
                    return ExitCode.OK;
                });
    }

    private static Report report(
            TopicDescription topic, List<PartitionRow> partitions, List<ConfigEntry> configs) {
        return new Report()
                .fact("Topic", "name", topic.name())
                .fact("Id", "id", topic.id())
                .fact("Partitions", "partitionCount", partitions.size())
                .fact(
                        "Records (last minus first offset)",
                        "records",
                        partitions.stream().mapToLong(PartitionRow::records).sum())
                .table(
                        "Partitions",
                        "partitions",
                        Table.of(partitions)
                                .number("PARTITION", "partition", PartitionRow::number)
                                .number("FIRST OFFSET", "firstOffset", PartitionRow::firstOffset)
                                .number("NEXT OFFSET", "nextOffset", PartitionRow::nextOffset)
                                .number("RECORDS", "records", PartitionRow::records)
                                .text("LEADER", "leader", PartitionRow::leader)
                                .text("REPLICAS", "replicas", PartitionRow::replicas)
                                .text("IN SYNC", "inSyncReplicas", PartitionRow::inSyncReplicas))
                .table(
                        "Settings",
                        "configs",
                        Table.of(configs)
                                .text("SETTING", "name", ConfigEntry::name)
                                .text("VALUE", "value", ConfigEntry::value)
                                .text(
                                        "FROM",
                                        "source",
                                        entry -> entry.source().name().toLowerCase(Locale.ROOT)));
    }

    /** Nothing where the topic is not compacted, or the broker is not one of Leat's. */
    private static Optional<List<Compaction>> compaction(
            Admin admin, String topic, List<ConfigEntry> configs) {
        boolean compacted =
                configs.stream()
                        .filter(entry -> entry.name().equals("cleanup.policy"))
                        .anyMatch(entry -> entry.value().orElse("").contains("compact"));
        if (!compacted) {
            return Optional.empty();
        }
        try {
            return Optional.of(admin.describeCompaction(topic));
        } catch (LeatClientException e) {
            return Optional.empty();
        }
    }

    private static void addCompaction(Report report, List<Compaction> partitions) {
        report.table(
                "Compaction",
                "compaction",
                Table.of(partitions)
                        .number("PARTITION", "partition", Compaction::partition)
                        .number("CLEAN UP TO", "firstDirtyOffset", Compaction::firstDirtyOffset)
                        .number("CLEAN BYTES", "cleanBytes", Compaction::cleanBytes)
                        .number("DIRTY BYTES", "dirtyBytes", Compaction::cleanableBytes)
                        .number(
                                "DIRTY %",
                                "dirtyPercent", one -> Math.round(100 * one.dirtyRatio()))
                        .text("LAST PASS", "lastPass", one -> one.lastPass().map(String::valueOf))
                        .number("REMOVED", "recordsRemoved", Compaction::recordsRemoved)
                        .number("FREED BYTES", "bytesFreed", Compaction::bytesFreed)
                        .text("STATE", "state", TopicsCommand::state));
    }

    private static String state(Compaction partition) {
        return partition.problem().orElse(partition.running() ? "running" : "idle");
    }

    private static List<PartitionRow> partitions(Admin admin, TopicDescription topic) {
        Map<TopicPartition, OffsetSpec> first = new LinkedHashMap<>();
        Map<TopicPartition, OffsetSpec> next = new LinkedHashMap<>();
        for (TopicDescription.Partition partition : topic.partitions()) {
            TopicPartition key = new TopicPartition(topic.name(), partition.number());
            first.put(key, OffsetSpec.EARLIEST);
            next.put(key, OffsetSpec.LATEST);
        }
        Map<TopicPartition, OffsetAndTimestamp> firstOffsets = admin.listOffsets(first);
        Map<TopicPartition, OffsetAndTimestamp> nextOffsets = admin.listOffsets(next);
        List<PartitionRow> rows = new ArrayList<>();
        for (TopicDescription.Partition partition : topic.partitions()) {
            TopicPartition key = new TopicPartition(topic.name(), partition.number());
            rows.add(
                    new PartitionRow(
                            partition.number(),
                            Optional.ofNullable(firstOffsets.get(key))
                                    .map(OffsetAndTimestamp::offset),
                            Optional.ofNullable(nextOffsets.get(key))
                                    .map(OffsetAndTimestamp::offset),
                            partition.leader().map(Node::id),
                            partition.replicas(),
                            partition.inSyncReplicas()));
        }
        return rows;
    }

    @Command(description = "Add partitions to a topic, or change its settings.")
    int alter(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String name,
            @Option(
                            names = {"-p", "--partitions"},
                            paramLabel = "N",
                            description = "How many partitions it shall have; more than now.")
                    Optional<Integer> partitions,
            @Option(
                            names = {"-c", "--config"},
                            paramLabel = "KEY=VALUE",
                            description = "Give a setting a value.")
                    @Nullable Map<String, String> configs,
            @Option(
                            names = "--reset",
                            paramLabel = "KEY",
                            description = "Take a setting back to its default.")
                    @Nullable List<String> resets) {
        List<ConfigChange> changes = new ArrayList<>();
        given(configs).forEach((key, value) -> changes.add(ConfigChange.set(key, value)));
        (resets == null ? List.<String>of() : resets)
                .forEach(key -> changes.add(ConfigChange.delete(key)));
        if (partitions.isEmpty() && changes.isEmpty()) {
            throw usage("Say what to alter: --partitions, --config or --reset");
        }
        return options.withAdmin(
                name,
                admin -> {
                    partitions.ifPresent(count -> admin.addPartitions(name, count));
                    if (!changes.isEmpty()) {
                        admin.alterConfigs(ConfigResource.topic(name), changes);
                    }
                    options.output()
                            .done("Altered " + name, new Report().fact("Altered", "altered", name));
                    return ExitCode.OK;
                });
    }

    @Command(description = "Delete topics with all their records.")
    int delete(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Their names.")
                    List<String> names,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes) {
        if (!yes
                && !terminal.confirm("Delete " + String.join(", ", names) + " with all records?")) {
            throw new CommandFailure("Nothing deleted");
        }
        Function<Admin, Integer> work =
                admin -> {
                    admin.deleteTopics(names);
                    options.output()
                            .done(
                                    "Deleted " + String.join(", ", names),
                                    new Report().fact("Deleted", "deleted", names));
                    return ExitCode.OK;
                };
        // Of several, those that were there are gone by now: only the broker knows which was not.
        return names.size() == 1
                ? options.withAdmin(names.getFirst(), work)
                : options.withAdmin(work);
    }

    /** picocli leaves a map out where the option is not given. */
    private static Map<String, String> given(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    private ParameterException usage(String message) {
        CommandLine active = spec.commandLine();
        CommandLine.ParseResult parsed = active.getParseResult();
        CommandLine named =
                parsed != null && parsed.hasSubcommand()
                        ? parsed.subcommand().commandSpec().commandLine()
                        : active;
        return new ParameterException(named, message);
    }

    private record PartitionRow(
            int number,
            Optional<Long> firstOffset,
            Optional<Long> nextOffset,
            Optional<Integer> leader,
            List<Integer> replicas,
            List<Integer> inSyncReplicas) {
        long records() {
            return nextOffset.orElse(0L) - firstOffset.orElse(0L);
        }
    }
}

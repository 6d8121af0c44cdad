package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.GroupDescription;
import io.leat.client.GroupListing;
import io.leat.client.OffsetAndMetadata;
import io.leat.client.OffsetAndTimestamp;
import io.leat.client.OffsetSpec;
import io.leat.client.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat groups}. */
@Command(
        name = "groups",
        description = "List, describe and delete consumer groups; reset their offsets.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ResetOffsetsCommand.class,
        footer = {
            "%nExamples:",
            "  leat groups list",
            "  leat groups describe billing",
            "  leat groups reset-offsets billing --topic orders --to-earliest --dry-run"
        })
public final class GroupsCommand {
    private final Terminal terminal;

    public GroupsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "List groups.")
    int list(@Mixin ClientOptions options) {
        return options.withAdmin(admin -> {
            List<LaggingGroup> groups =
                    admin.listGroups().stream()
                            .map(group -> new LaggingGroup(group, lag(admin, group)))
                            .toList();
            options.output()
                    .show(
                            Table.of(groups)
                                    .text("GROUP", "groupId", g -> g.group().groupId())
                                    .text("STATE", "state", g -> g.group().state())
                                    .text("PROTOCOL", "protocolType", g -> g.group().protocolType())
                                    .number("LAG", "lag", LaggingGroup::lag));
            return ExitCode.OK;
        });
    }

    private static long lag(Admin admin, GroupListing group) {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listGroupOffsets(group.groupId());
        return progress(admin, committed, Map.of()).stream()
                .mapToLong(row -> row.lag().orElse(0L))
                .sum();
    }

    @Command(description = "Show a group's members, offsets and lag.")
    int describe(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "GROUP", description = "Its id.") String groupId) {
        return options.withAdmin(admin -> {
            GroupDescription group = admin.describeGroup(groupId);
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listGroupOffsets(groupId);
            if (group.members().isEmpty() && committed.isEmpty() && group.state().equals("Dead")) {
                throw new CommandFailure(
                        "There is no group '" + groupId + "'; see: leat groups list");
            }
            Map<TopicPartition, String> owners = new HashMap<>();
            for (GroupDescription.Member member : group.members()) {
                member.partitions().forEach(p -> owners.put(p, member.memberId()));
            }
            options.output().show(report(group, progress(admin, committed, owners)));
            return ExitCode.OK;
        });
    }

    private static Report report(GroupDescription group, List<Progress> progress) {
        return new Report()
                .fact("Group", "groupId", group.groupId())
                .fact("State", "state", group.state())
                .fact("Protocol", "protocolType", group.protocolType())
                .fact("Assignor", "assignor", group.assignor())
                .fact("Coordinator", "coordinator", group.coordinator().id())
                .fact("Lag", "lag", progress.stream().mapToLong(p -> p.lag().orElse(0L)).sum())
                .table(
                        "Members",
                        "members",
                        Table.of(group.members())
                                .text("MEMBER", "memberId", GroupDescription.Member::memberId)
                                .text(
                                        "INSTANCE",
                                        "groupInstanceId",
                                        GroupDescription.Member::groupInstanceId)
                                .text("CLIENT", "clientId", GroupDescription.Member::clientId)
                                .text("HOST", "host", GroupDescription.Member::host)
                                .text(
                                        "PARTITIONS",
                                        "partitions",
                                        member ->
                                                new TreeSet<>(member.partitions())
                                                        .stream().map(Object::toString).toList()))
                .table(
                        "Offsets",
                        "offsets",
                        Table.of(progress)
                                .text("TOPIC", "topic", row -> row.partition().topic())
                                .number(
                                        "PARTITION",
                                        "partition",
                                        row -> row.partition().partition())
                                .number("COMMITTED", "committedOffset", Progress::committed)
                                .number("NEXT OFFSET", "nextOffset", Progress::nextOffset)
                                .number("LAG", "lag", Progress::lag)
                                .text("MEMBER", "memberId", Progress::owner));
    }

    private static List<Progress> progress(
            Admin admin,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, String> owners) {
        Set<TopicPartition> partitions = new TreeSet<>(committed.keySet());
        partitions.addAll(owners.keySet());
        Map<TopicPartition, OffsetSpec> ends = new TreeMap<>();
        partitions.forEach(partition -> ends.put(partition, OffsetSpec.LATEST));
        Map<TopicPartition, OffsetAndTimestamp> nextOffsets =
                ends.isEmpty() ? Map.of() : admin.listOffsets(ends);
        List<Progress> rows = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            rows.add(
                    new Progress(
                            partition,
                            Optional.ofNullable(committed.get(partition))
                                    .map(OffsetAndMetadata::offset),
                            Optional.ofNullable(nextOffsets.get(partition))
                                    .map(OffsetAndTimestamp::offset),
                            Optional.ofNullable(owners.get(partition))));
        }
        return rows;
    }

    @Command(description = "Delete groups that have no members, with their offsets.")
    int delete(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Their ids.")
                    List<String> groupIds,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes) {
        if (!yes
                && !terminal.confirm(
                        "Delete " + String.join(", ", groupIds) + " with their offsets?")) {
            throw new CommandFailure("Nothing deleted");
        }
        return options.withAdmin(admin -> {
            admin.deleteGroups(groupIds);
            options.output()
                    .done(
                            "Deleted " + String.join(", ", groupIds),
                            new Report().fact("Deleted", "deleted", groupIds));
            return ExitCode.OK;
        });
    }

    private record LaggingGroup(GroupListing group, long lag) {}

    /** How far a group is in a partition. */
    private record Progress(
            TopicPartition partition,
            Optional<Long> committed,
            Optional<Long> nextOffset,
            Optional<String> owner) {
        Optional<Long> lag() {
            return committed.flatMap(at -> nextOffset.map(next -> Math.max(0, next - at)));
        }
    }
}

package io.leat.cli.command;

import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.GroupDescription;
import io.leat.client.GroupListing;
import io.leat.client.GroupType;
import io.leat.client.OffsetAndMetadata;
import io.leat.client.OffsetAndTimestamp;
import io.leat.client.OffsetSpec;
import io.leat.client.ShareOffset;
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
        description = "List, describe and delete groups of all types; reset their offsets.",
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
                                    .text("TYPE", "type", g -> g.group().type().toString())
                                    .text("STATE", "state", g -> g.group().state())
                                    .text("PROTOCOL", "protocolType", g -> g.group().protocolType())
                                    .number("LAG", "lag", LaggingGroup::lag));
            return ExitCode.OK;
        });
    }

    private static long lag(Admin admin, GroupListing group) {
        if (group.type() == GroupType.SHARE) {
            return lag(shareProgress(admin, group.groupId()));
        }
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listGroupOffsets(group.groupId());
        return lag(progress(admin, committed, Map.of()));
    }

    private static long lag(List<Progress> progress) {
        return progress.stream().mapToLong(row -> row.lag().orElse(0L)).sum();
    }

    @Command(description = "Show a group's members, offsets and lag.")
    int describe(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "GROUP", description = "Its id.") String groupId) {
        return options.withAdmin(admin -> {
            GroupDescription group = admin.describeGroup(groupId);
            boolean shares = group.type() == GroupType.SHARE;
            List<Progress> progress =
                    shares ? shareProgress(admin, groupId) : committedProgress(admin, group);
            options.output()
                    .show(
                            report(group, progress)
                                    .table(
                                            "Offsets",
                                            "offsets",
                                            shares ? started(progress) : committed(progress)));
            return ExitCode.OK;
        });
    }

    private static List<Progress> committedProgress(Admin admin, GroupDescription group) {
        Map<TopicPartition, String> owners = new HashMap<>();
        for (GroupDescription.Member member : group.members()) {
            member.partitions().forEach(p -> owners.put(p, member.memberId()));
        }
        return progress(admin, admin.listGroupOffsets(group.groupId()), owners);
    }

    private static Report report(GroupDescription group, List<Progress> progress) {
        return new Report()
                .fact("Group", "groupId", group.groupId())
                .fact("Type", "type", group.type().toString())
                .fact("State", "state", group.state())
                .fact("Protocol", "protocolType", group.protocolType())
                .fact("Assignor", "assignor", group.assignor())
                .fact("Coordinator", "coordinator", group.coordinator().id())
                .fact("Lag", "lag", lag(progress))
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
                                                        .stream().map(Object::toString).toList()));
    }

    private static Table<Progress> committed(List<Progress> progress) {
        return partitions(progress)
                .number("COMMITTED", "committedOffset", Progress::position)
                .number("NEXT OFFSET", "nextOffset", Progress::nextOffset)
                .number("LAG", "lag", Progress::lag)
                .text("MEMBER", "memberId", Progress::owner);
    }

    /** Share groups begin with the first record that is not done with; members share partitions. */
    private static Table<Progress> started(List<Progress> progress) {
        return partitions(progress)
                .number("START", "startOffset", Progress::position)
                .number("NEXT OFFSET", "nextOffset", Progress::nextOffset)
                .number("LAG", "lag", Progress::lag);
    }

    private static Table<Progress> partitions(List<Progress> progress) {
        return Table.of(progress)
                .text("TOPIC", "topic", row -> row.partition().topic())
                .number("PARTITION", "partition", row -> row.partition().partition());
    }

    private static List<Progress> progress(
            Admin admin,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, String> owners) {
        Set<TopicPartition> partitions = new TreeSet<>(committed.keySet());
        partitions.addAll(owners.keySet());
        Map<TopicPartition, OffsetAndTimestamp> ends = ends(admin, partitions);
        List<Progress> rows = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Optional<Long> position =
                    Optional.ofNullable(committed.get(partition)).map(OffsetAndMetadata::offset);
            Optional<Long> next =
                    Optional.ofNullable(ends.get(partition)).map(OffsetAndTimestamp::offset);
            Optional<Long> lag = position.flatMap(at -> next.map(end -> Math.max(0, end - at)));
            rows.add(
                    new Progress(
                            partition,
                            position,
                            next,
                            lag,
                            Optional.ofNullable(owners.get(partition))));
        }
        return rows;
    }

    private static List<Progress> shareProgress(Admin admin, String groupId) {
        Map<TopicPartition, ShareOffset> offsets =
                new TreeMap<>(admin.listShareGroupOffsets(groupId));
        Map<TopicPartition, OffsetAndTimestamp> ends = ends(admin, offsets.keySet());
        List<Progress> rows = new ArrayList<>();
        offsets.forEach((partition, offset) ->
                rows.add(
                        new Progress(
                                partition,
                                Optional.of(offset.start()),
                                Optional.ofNullable(ends.get(partition))
                                        .map(OffsetAndTimestamp::offset),
                                offset.lag().isPresent()
                                        ? Optional.of(offset.lag().getAsLong())
                                        : Optional.empty(),
                                Optional.empty())));
        return rows;
    }

    private static Map<TopicPartition, OffsetAndTimestamp> ends(
            Admin admin, Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> ends = new TreeMap<>();
        partitions.forEach(partition -> ends.put(partition, OffsetSpec.LATEST));
        return ends.isEmpty() ? Map.of() : admin.listOffsets(ends);
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

    /** A group and how many records are before it. */
    private record LaggingGroup(GroupListing group, long lag) {}

    /**
     * How far a group is in a partition.
     *
     * @param lag how many records are before it; a share group may be done with some of those
     *     behind its position
     */
    private record Progress(
            TopicPartition partition,
            Optional<Long> position,
            Optional<Long> nextOffset,
            Optional<Long> lag,
            Optional<String> owner) {}
}

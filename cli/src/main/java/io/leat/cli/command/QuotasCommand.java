package io.leat.cli.command;

import io.leat.broker.config.Nearest;
import io.leat.broker.quota.QuotaKind;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.client.QuotaEntity;
import io.leat.client.QuotaListing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat quotas}. */
@Command(
        name = "quotas",
        description = {
            "List, set and remove quotas: how fast users, client ids and addresses may go.",
            "producer_byte_rate and consumer_byte_rate are bytes a second, request_percentage is"
                + " time of the broker's threads (100 is one thread), controller_mutation_rate is"
                + " partitions created and deleted a second, connection_creation_rate is"
                + " connections of an address a second."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nExamples:",
            "  leat quotas list",
            "  leat quotas set --user alice producer_byte_rate=1048576",
            "  leat quotas set --user alice --client-id loader consumer_byte_rate=4194304",
            "  leat quotas set --client-id '<default>' request_percentage=200",
            "  leat quotas set --ip 192.0.2.7 connection_creation_rate=10",
            "  leat quotas remove --user alice producer_byte_rate"
        })
public final class QuotasCommand {
    private static final String DEFAULT = "<default>";

    @Spec private CommandSpec spec = CommandSpec.create();

    private record Row(QuotaEntity entity, String key, double value) {}

    @Command(description = "List quotas.")
    int list(@Mixin ClientOptions options) {
        return options.withAdmin(admin -> {
            List<Row> rows = new ArrayList<>();
            for (QuotaListing listing : admin.listQuotas()) {
                listing.values()
                        .forEach((key, value) -> rows.add(new Row(listing.entity(), key, value)));
            }
            options.output()
                    .show(
                            Table.of(rows)
                                    .text("USER", "user", row -> name(row, QuotaEntity.Type.USER))
                                    .text(
                                            "CLIENT ID",
                                            "clientId",
                                            row -> name(row, QuotaEntity.Type.CLIENT_ID))
                                    .text("IP", "ip", row -> name(row, QuotaEntity.Type.IP))
                                    .text("QUOTA", "quota", Row::key)
                                    .number("VALUE", "value", row -> PlanText.number(row.value())));
            return ExitCode.OK;
        });
    }

    private static Optional<String> name(Row row, QuotaEntity.Type type) {
        Optional<String> name = row.entity().parts().get(type);
        return name == null ? Optional.empty() : Optional.of(name.orElse(DEFAULT));
    }

    @Command(description = "Set quotas of an entity; others that it has stay.")
    int set(
            @Mixin ClientOptions options,
            @Option(names = "--user", paramLabel = "NAME", description = "A user, or '<default>'.")
                    Optional<String> user,
            @Option(
                            names = "--client-id",
                            paramLabel = "NAME",
                            description = "A client id, or '<default>'.")
                    Optional<String> clientId,
            @Option(
                            names = "--ip",
                            paramLabel = "ADDRESS",
                            description = "An address, or '<default>'.")
                    Optional<String> ip,
            @Parameters(
                            paramLabel = "QUOTA=VALUE",
                            arity = "1..*",
                            description = "What to set, such as producer_byte_rate=1048576.")
                    List<String> settings) {
        Map<String, Optional<Double>> changes = new LinkedHashMap<>();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            if (parts.length != 2) {
                throw usage("expected QUOTA=VALUE, not '" + setting + "'");
            }
            changes.put(known(parts[0]), Optional.of(number(parts[1])));
        }
        return change(options, entity(user, clientId, ip), changes);
    }

    @Command(description = "Remove quotas of an entity.")
    int remove(
            @Mixin ClientOptions options,
            @Option(names = "--user", paramLabel = "NAME", description = "A user, or '<default>'.")
                    Optional<String> user,
            @Option(
                            names = "--client-id",
                            paramLabel = "NAME",
                            description = "A client id, or '<default>'.")
                    Optional<String> clientId,
            @Option(
                            names = "--ip",
                            paramLabel = "ADDRESS",
                            description = "An address, or '<default>'.")
                    Optional<String> ip,
            @Parameters(
                            paramLabel = "QUOTA",
                            arity = "1..*",
                            description = "What to remove, such as producer_byte_rate.")
                    List<String> keys) {
        Map<String, Optional<Double>> changes = new LinkedHashMap<>();
        keys.forEach(key -> changes.put(known(key), Optional.empty()));
        return change(options, entity(user, clientId, ip), changes);
    }

    private static int change(
            ClientOptions options, QuotaEntity entity, Map<String, Optional<Double>> changes) {
        return options.withAdmin(admin -> {
            admin.alterQuotas(entity, changes);
            options.output()
                    .done(
                            "Changed the quotas of " + entity,
                            new Report()
                                    .fact("Entity", "entity", entity.toString())
                                    .fact("Changed", "changed", List.copyOf(changes.keySet())));
            return ExitCode.OK;
        });
    }

    private QuotaEntity entity(
            Optional<String> user, Optional<String> clientId, Optional<String> ip) {
        Map<QuotaEntity.Type, Optional<String>> parts = new EnumMap<>(QuotaEntity.Type.class);
        user.ifPresent(name -> parts.put(QuotaEntity.Type.USER, named(name)));
        clientId.ifPresent(name -> parts.put(QuotaEntity.Type.CLIENT_ID, named(name)));
        ip.ifPresent(name -> parts.put(QuotaEntity.Type.IP, named(name)));
        try {
            return QuotaEntity.of(parts);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage() + "; give --user, --client-id or both, or --ip");
        }
    }

    private static Optional<String> named(String name) {
        return name.equals(DEFAULT) ? Optional.empty() : Optional.of(name);
    }

    private String known(String key) {
        List<String> keys = Arrays.stream(QuotaKind.values()).map(QuotaKind::key).toList();
        if (!keys.contains(key)) {
            throw usage(
                    "there is no quota '"
                            + key
                            + "'"
                            + Nearest.to(key, keys)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse("; there are " + String.join(", ", keys)));
        }
        return key;
    }

    private double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw usage("expected a number, not '" + text + "'");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

package io.leat.cli.command;

import io.leat.cli.terminal.Output;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Acl;
import io.leat.client.Acl.Operation;
import io.leat.client.Acl.Resource;
import io.leat.client.Acl.ResourceType;
import io.leat.client.AclFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code leat acls}. */
@Command(
        name = "acls",
        description = {
            "List, make and delete ACLs: rules about who may or may not do what.",
            "A deny wins over every allow. They hold where the broker has a security"
                    + " configuration."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nExamples:",
            "  leat acls list --principal User:alice",
            "  leat acls create --principal User:alice --operation read --topic orders",
            "  leat acls create --principal User:alice --operation read --group billing",
            "  leat acls create --principal User:app --operation write,create --topic app."
                    + " --prefixed",
            "  leat acls create --deny --principal 'User:*' --operation all --topic secrets",
            "  leat acls delete --principal User:alice --yes"
        })
public final class AclsCommand {
    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    public AclsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Operations as they are shown. */
    static final class Word implements ITypeConverter<Operation> {
        @Override
        public Operation convert(String text) {
            String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
            return Arrays.stream(Operation.values())
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "there is no operation '"
                                            + text
                                            + "'; there are "
                                            + Arrays.stream(Operation.values())
                                                    .map(Operation::word)
                                                    .collect(Collectors.joining(", "))));
        }
    }

    /** What rules are about, in options. */
    static final class Resources {
        @Option(names = "--topic", paramLabel = "NAME", description = "A topic, or '*'.")
        private Optional<String> topic = Optional.empty();

        @Option(names = "--group", paramLabel = "NAME", description = "A group, or '*'.")
        private Optional<String> group = Optional.empty();

        @Option(
                names = "--transactional-id",
                paramLabel = "NAME",
                description = "A transactional id, or '*'.")
        private Optional<String> transactionalId = Optional.empty();

        @Option(names = "--cluster", description = "The cluster itself.")
        private boolean cluster;

        @Option(
                names = "--prefixed",
                description = "Every name that begins with the one that is given.")
        private boolean prefixed;

        private List<Resource> all() {
            List<Resource> all = new ArrayList<>();
            topic.ifPresent(name -> all.add(new Resource(ResourceType.TOPIC, name, prefixed)));
            group.ifPresent(name -> all.add(new Resource(ResourceType.GROUP, name, prefixed)));
            transactionalId.ifPresent(
                    name -> all.add(new Resource(ResourceType.TRANSACTIONAL_ID, name, prefixed)));
            if (cluster) {
                all.add(new Resource(ResourceType.CLUSTER, Resource.CLUSTER_NAME, false));
            }
            return all;
        }
    }

    @Command(description = "List ACLs, all or those that fit.")
    int list(
            @Mixin ClientOptions options,
            @Mixin Resources resources,
            @Option(names = "--principal", paramLabel = "TYPE:NAME", description = "Who.")
                    Optional<String> principal) {
        List<AclFilter> filters = filters(resources, principal);
        return options.withAdmin(admin -> {
            List<Acl> found = new ArrayList<>();
            filters.forEach(filter -> found.addAll(admin.listAcls(filter)));
            show(options.output(), found);
            return ExitCode.OK;
        });
    }

    @Command(description = "Make ACLs: one for each principal, operation and resource.")
    int create(
            @Mixin ClientOptions options,
            @Mixin Resources resources,
            @Option(
                            names = "--principal",
                            paramLabel = "TYPE:NAME",
                            required = true,
                            split = ",",
                            description = "Who, such as User:alice, or User:* for all.")
                    List<String> principals,
            @Option(
                            names = "--operation",
                            paramLabel = "NAME",
                            required = true,
                            split = ",",
                            converter = Word.class,
                            description =
                                    "What they do: all, read, write, create, delete, alter,"
                                            + " describe, describe-configs, alter-configs, ...")
                    List<Operation> operations,
            @Option(
                            names = "--host",
                            paramLabel = "ADDRESS",
                            description = "From where (default: everywhere).")
                    Optional<String> host,
            @Option(names = "--deny", description = "They may not.") boolean deny) {
        List<Resource> about = resources.all();
        if (about.isEmpty()) {
            throw usage("say what it is about: --topic, --group, --transactional-id or --cluster");
        }
        List<Acl> acls = new ArrayList<>();
        try {
            for (Resource resource : about) {
                for (String principal : principals) {
                    for (Operation operation : operations) {
                        acls.add(
                                new Acl(
                                        resource,
                                        principal,
                                        host.orElse(Acl.EVERYWHERE),
                                        operation,
                                        !deny));
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        return options.withAdmin(admin -> {
            admin.createAcls(acls);
            options.output().done("Made " + count(acls.size()), counted(acls.size()));
            return ExitCode.OK;
        });
    }

    @Command(description = "Delete the ACLs that fit.")
    int delete(
            @Mixin ClientOptions options,
            @Mixin Resources resources,
            @Option(names = "--principal", paramLabel = "TYPE:NAME", description = "Who.")
                    Optional<String> principal,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes) {
        List<AclFilter> filters = filters(resources, principal);
        if (filters.contains(AclFilter.ALL)) {
            throw usage(
                    "say which: --principal, --topic, --group, --transactional-id or --cluster");
        }
        return options.withAdmin(admin -> {
            List<Acl> found = new ArrayList<>();
            filters.forEach(filter -> found.addAll(admin.listAcls(filter)));
            if (!yes
                    && !found.isEmpty()
                    && !terminal.confirm("Delete " + count(found.size()) + "?")) {
                throw new CommandFailure("Nothing was deleted; --yes deletes without asking");
            }
            int deleted = 0;
            for (AclFilter filter : filters) {
                deleted += admin.deleteAcls(filter).size();
            }
            options.output().done("Deleted " + count(deleted), counted(deleted));
            return ExitCode.OK;
        });
    }

    private static List<AclFilter> filters(Resources resources, Optional<String> principal) {
        List<Resource> about = resources.all();
        if (about.isEmpty()) {
            return List.of(filter(Optional.empty(), principal));
        }
        return about.stream().map(each -> filter(Optional.of(each), principal)).toList();
    }

    private static AclFilter filter(Optional<Resource> resource, Optional<String> principal) {
        return new AclFilter(
                resource.map(Resource::type),
                resource.map(Resource::name),
                resource.map(Resource::prefixed),
                principal,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void show(Output output, List<Acl> acls) {
        output.show(
                Table.of(acls)
                        .text("PRINCIPAL", "principal", Acl::principal)
                        .text("MAY", "permission", acl -> acl.allow() ? "allow" : "deny")
                        .text("OPERATION", "operation", acl -> acl.operation().word())
                        .text("RESOURCE", "resourceType", acl -> acl.resource().type().word())
                        .text("NAME", "resourceName", acl -> acl.resource().name())
                        .text(
                                "PATTERN",
                                "patternType",
                                acl -> acl.resource().prefixed() ? "prefixed" : "literal")
                        .text("HOST", "host", Acl::host));
    }

    private static String count(int acls) {
        return acls + (acls == 1 ? " ACL" : " ACLs");
    }

    private static Report counted(int acls) {
        return new Report().fact("ACLs", "acls", acls);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

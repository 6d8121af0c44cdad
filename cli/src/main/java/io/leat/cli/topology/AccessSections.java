package io.leat.cli.topology;

import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigReferences;
import io.leat.client.Acl;
import io.leat.client.Acl.Operation;
import io.leat.client.Acl.Resource;
import io.leat.client.Acl.ResourceType;
import io.leat.client.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The sections of a file that say who there is and who may do what. */
final class AccessSections {
    private static final List<String> ACL_KEYS = aclKeys();

    private final TopologyReader reader;

    AccessSections(TopologyReader reader) {
        this.reader = reader;
    }

    private static List<String> aclKeys() {
        List<String> keys =
                new ArrayList<>(List.of("principal", "operations", "prefixed", "deny", "host"));
        Arrays.stream(ResourceType.values()).map(ResourceType::word).forEach(keys::add);
        return List.copyOf(keys);
    }

    SortedMap<String, Optional<Secret>> users(Node node) {
        SortedMap<String, Optional<Secret>> users = new TreeMap<>();
        reader.entries(
                node,
                "users",
                (name, spec) -> {
                    String user = reader.text(name);
                    users.put(user, Optional.empty());
                    reader.entries(
                            spec,
                            "a user",
                            (key, value) -> {
                                reader.require(key, List.of("password"), "key of a user");
                                users.put(user, Optional.of(password(user, value)));
                            });
                });
        return users;
    }

    /** It stands elsewhere, so that the file can be kept where others read it. */
    private Secret password(String user, Node value) {
        String reference = reader.text(value);
        if (!reference.startsWith("${")) {
            throw reader.wrong(
                    value,
                    "a password stands elsewhere: write ${env:NAME} or ${file:PATH} instead");
        }
        try {
            String password = ConfigReferences.resolve("the password of " + user, reference);
            if (password.isEmpty() || password.equals(reference)) {
                throw reader.wrong(
                        value,
                        password.isEmpty()
                                ? "the password of " + user + " is empty"
                                : "a reference is one of ${env:NAME}, ${file:PATH},"
                                        + " ${file:PATH:KEY} and ${directory:PATH:NAME}");
            }
            return new Secret(password);
        } catch (ConfigException e) {
            throw reader.wrong(value, String.valueOf(e.getMessage()));
        }
    }

    SortedSet<Acl> acls(Node node) {
        if (TopologyReader.isNothing(node)) {
            return Topology.order(List.of());
        }
        if (!(node instanceof SequenceNode list)) {
            throw reader.wrong(node, "acls must be a list; begin each with '- principal:'");
        }
        List<Acl> acls = new ArrayList<>();
        list.getValue().forEach(entry -> acls.addAll(acl(entry)));
        return Topology.order(acls);
    }

    /** One entry: a principal, a resource, and what may be done with it. */
    private List<Acl> acl(Node entry) {
        Map<String, Node> values = new HashMap<>();
        reader.entries(
                entry,
                "an ACL",
                (key, value) -> {
                    reader.require(key, ACL_KEYS, "key of an ACL");
                    values.put(reader.text(key), value);
                });
        Resource resource = resource(entry, values);
        String principal = reader.text(needed(entry, values, "principal"));
        String host =
                Optional.ofNullable(values.get("host")).map(reader::text).orElse(Acl.EVERYWHERE);
        boolean allow = !truth(values, "deny");
        List<Acl> acls = new ArrayList<>();
        Node operations = needed(entry, values, "operations");
        List<Node> all =
                operations instanceof SequenceNode list ? list.getValue() : List.of(operations);
        try {
            for (Node operation : all) {
                acls.add(new Acl(resource, principal, host, operation(operation), allow));
            }
        } catch (IllegalArgumentException e) {
            throw reader.wrong(entry, String.valueOf(e.getMessage()));
        }
        return acls;
    }

    private Resource resource(Node entry, Map<String, Node> values) {
        List<ResourceType> types =
                Arrays.stream(ResourceType.values())
                        .filter(each -> values.containsKey(each.word()))
                        .toList();
        if (types.size() != 1) {
            throw reader.wrong(
                    entry, "an ACL is about one topic, group, transactional-id or the cluster");
        }
        ResourceType type = types.getFirst();
        boolean prefixed = truth(values, "prefixed");
        if (type != ResourceType.CLUSTER) {
            String name = reader.text(needed(entry, values, type.word()));
            return new Resource(type, name, prefixed);
        }
        if (!truth(values, type.word()) || prefixed) {
            throw reader.wrong(entry, "of the cluster, which is one, say only 'cluster: true'");
        }
        return new Resource(type, Resource.CLUSTER_NAME, false);
    }

    private Node needed(Node entry, Map<String, Node> values, String key) {
        Node value = values.get(key);
        if (value == null) {
            throw reader.wrong(entry, "an ACL needs " + key);
        }
        return value;
    }

    private boolean truth(Map<String, Node> values, String key) {
        Node value = values.get(key);
        if (value == null) {
            return false;
        }
        String text = reader.text(value);
        if (!text.equals("true") && !text.equals("false")) {
            throw reader.wrong(value, key + " is true or false, not '" + text + "'");
        }
        return text.equals("true");
    }

    private Operation operation(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw reader.wrong(node, "an operation is a word, such as read");
        }
        String word = reader.text(node).toLowerCase(Locale.ROOT).replace('_', '-');
        Optional<Operation> known =
                Arrays.stream(Operation.values())
                        .filter(each -> each.word().equals(word))
                        .findFirst();
        if (known.isEmpty()) {
            reader.require(
                    scalar,
                    Arrays.stream(Operation.values()).map(Operation::word).toList(),
                    "operation");
        }
        return known.orElseThrow();
    }
}

package io.leat.cli.topology;

import io.leat.client.Acl;
import io.leat.client.QuotaEntity;
import io.leat.client.Secret;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Topics, settings of groups, quotas, users and ACLs. A section is empty where a file does not have
 * it.
 *
 * @param topics by name
 * @param groups the settings of groups, by group id
 * @param quotas by entity, as {@link #order(Map)} sorts them
 * @param users by name, each with the password that it gets where it is not there yet; empty where
 *     that is not told, as brokers do not
 * @param acls who may do what, as {@link #order(Collection)} sorts them
 */
public record Topology(
        Optional<SortedMap<String, TopicSpec>> topics,
        Optional<SortedMap<String, SortedMap<String, String>>> groups,
        Optional<SortedMap<QuotaEntity, SortedMap<String, Double>>> quotas,
        Optional<SortedMap<String, Optional<Secret>>> users,
        Optional<SortedSet<Acl>> acls) {
    /** What a file may have. */
    public enum Section {
        TOPICS,
        GROUPS,
        QUOTAS,
        USERS,
        ACLS;

        /** Its key in a file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static List<String> words() {
            return Arrays.stream(values()).map(Section::word).toList();
        }
    }

    /** The sections that are there. */
    public Set<Section> sections() {
        Set<Section> sections = EnumSet.noneOf(Section.class);
        topics.ifPresent(there -> sections.add(Section.TOPICS));
        groups.ifPresent(there -> sections.add(Section.GROUPS));
        quotas.ifPresent(there -> sections.add(Section.QUOTAS));
        users.ifPresent(there -> sections.add(Section.USERS));
        acls.ifPresent(there -> sections.add(Section.ACLS));
        return sections;
    }

    /**
     * A topic.
     *
     * @param partitions empty where the number does not matter
     * @param configs its settings by key
     */
    public record TopicSpec(OptionalInt partitions, SortedMap<String, String> configs) {}

    /** ACLs in the order in which people read them. */
    public static SortedSet<Acl> order(Collection<Acl> acls) {
        SortedSet<Acl> sorted =
                new TreeSet<>(
                        Comparator.comparing(Acl::principal)
                                .thenComparing((Acl acl) -> acl.resource().type())
                                .thenComparing(acl -> acl.resource().name())
                                .thenComparing(acl -> acl.resource().prefixed())
                                .thenComparing(Acl::allow)
                                .thenComparing(Acl::host)
                                .thenComparing(Acl::operation));
        sorted.addAll(acls);
        return sorted;
    }

    /** A map of entities in the order in which people read them. */
    public static <V> SortedMap<QuotaEntity, V> order(Map<QuotaEntity, V> quotas) {
        SortedMap<QuotaEntity, V> sorted =
                new TreeMap<>(Comparator.comparing(QuotaEntity::toString));
        sorted.putAll(quotas);
        return sorted;
    }
}

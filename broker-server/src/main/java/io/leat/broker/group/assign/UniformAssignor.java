package io.leat.broker.group.assign;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Gives each member as many partitions as any other, and moves as few as that takes.
 *
 * <p>Balance: no partition could go to a member that wants its topic and has two fewer than its
 * owner. Where all want the same topics, members' counts differ by at most one. What a member had
 * stays with it unless that balance asks for it.
 */
public final class UniformAssignor implements Assignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, PartitionSet> assign(
            SortedMap<String, Wish> members, Map<UUID, Integer> topics) {
        return new Deal(members, topics).run();
    }

    private static final class Seat {
        final String memberId;
        final Map<UUID, BitSet> partitions = new TreeMap<>();
        int count;

        Seat(String memberId) {
            this.memberId = memberId;
        }

        void take(UUID topicId, int partition) {
            partitions.computeIfAbsent(topicId, id -> new BitSet()).set(partition);
            count++;
        }

        /** The last partition of a topic, which goes. */
        int give(UUID topicId) {
            BitSet own = partitions.get(topicId);
            int partition = own == null ? -1 : own.length() - 1;
            if (own == null || partition < 0) {
                throw new IllegalStateException(memberId + " has nothing of " + topicId);
            }
            own.clear(partition);
            count--;
            return partition;
        }

        boolean has(UUID topicId) {
            BitSet own = partitions.get(topicId);
            return own != null && !own.isEmpty();
        }

        PartitionSet result() {
            PartitionSet.Builder builder = PartitionSet.builder();
            partitions.forEach((topicId, own) ->
                    own.stream().forEach(partition -> builder.add(topicId, partition)));
            return builder.build();
        }
    }

    /** One assignment in the making. */
    private static final class Deal {
        private static final Comparator<Seat> LEAST_FIRST =
                Comparator.comparingInt((Seat seat) -> seat.count)
                        .thenComparing(seat -> seat.memberId);

        private final SortedMap<String, Wish> members;
        private final Map<UUID, Integer> topics;
        private final Map<String, Seat> seats = new LinkedHashMap<>();
        private final Map<UUID, List<Seat>> subscribers = new TreeMap<>();
        private final Map<UUID, BitSet> dealt = new HashMap<>();

        Deal(SortedMap<String, Wish> members, Map<UUID, Integer> topics) {
            this.members = members;
            this.topics = topics;
            members.forEach((id, wish) -> {
                Seat seat = new Seat(id);
                seats.put(id, seat);
                for (UUID topicId : wish.topics()) {
                    if (topics.getOrDefault(topicId, 0) > 0) {
                        subscribers.computeIfAbsent(topicId, t -> new ArrayList<>()).add(seat);
                    }
                }
            });
        }

        Map<String, PartitionSet> run() {
            keep();
            dealRest();
            if (!uniformWishes()) {
                balance();
            }
            Map<String, PartitionSet> result = new LinkedHashMap<>();
            seats.forEach((id, seat) -> result.put(id, seat.result()));
            return result;
        }

        private boolean uniformWishes() {
            return subscribers.values().stream().allMatch(each -> each.size() == seats.size());
        }

        /** Leaves members what they had, as far as they still want it and balance allows. */
        private void keep() {
            boolean uniform = uniformWishes();
            int partitions =
                    subscribers.keySet().stream().mapToInt(id -> topics.getOrDefault(id, 0)).sum();
            int quota = seats.isEmpty() ? 0 : partitions / seats.size();
            int extra = seats.isEmpty() ? 0 : partitions % seats.size();
            for (Seat seat : byWhatTheyHad()) {
                Wish wish = wish(seat.memberId);
                int most = Integer.MAX_VALUE;
                if (uniform) {
                    most = extra > 0 ? quota + 1 : quota;
                }
                keep(seat, wish, most);
                if (uniform && seat.count > quota) {
                    extra--;
                }
            }
        }

        private void keep(Seat seat, Wish wish, int most) {
            for (UUID topicId : wish.had().topics()) {
                if (!wish.topics().contains(topicId)) {
                    continue;
                }
                int size = topics.getOrDefault(topicId, 0);
                BitSet taken = dealt.computeIfAbsent(topicId, id -> new BitSet());
                for (int partition : wish.had().of(topicId)) {
                    if (seat.count < most && partition < size && !taken.get(partition)) {
                        taken.set(partition);
                        seat.take(topicId, partition);
                    }
                }
            }
        }

        /** Those who had most keep the larger shares: less moves. */
        private List<Seat> byWhatTheyHad() {
            List<Seat> ordered = new ArrayList<>(seats.values());
            Map<String, Integer> had = new HashMap<>();
            members.forEach((id, wish) -> had.put(id, wish.had().size()));
            ordered.sort(
                    Comparator.comparingInt((Seat seat) -> -had.getOrDefault(seat.memberId, 0))
                            .thenComparing(seat -> seat.memberId));
            return ordered;
        }

        private Wish wish(String memberId) {
            Wish wish = members.get(memberId);
            if (wish == null) {
                throw new IllegalStateException(memberId + " is no member");
            }
            return wish;
        }

        /** Gives every partition that nobody has to who wants it and has least. */
        private void dealRest() {
            if (uniformWishes()) {
                SortedSet<Seat> queue = new TreeSet<>(LEAST_FIRST);
                queue.addAll(seats.values());
                for (UUID topicId : subscribers.keySet()) {
                    dealRest(topicId, queue);
                }
                return;
            }
            List<UUID> ordered = new ArrayList<>(subscribers.keySet());
            // Who wants a topic that few want has little choice: it comes first.
            ordered.sort(
                    Comparator.comparingInt((UUID id) -> subscribers(id).size())
                            .thenComparing(id -> id));
            for (UUID topicId : ordered) {
                SortedSet<Seat> queue = new TreeSet<>(LEAST_FIRST);
                queue.addAll(subscribers(topicId));
                dealRest(topicId, queue);
            }
        }

        private void dealRest(UUID topicId, SortedSet<Seat> queue) {
            BitSet taken = dealt.computeIfAbsent(topicId, id -> new BitSet());
            int size = topics.getOrDefault(topicId, 0);
            for (int partition = taken.nextClearBit(0);
                    partition < size;
                    partition = taken.nextClearBit(partition)) {
                taken.set(partition);
                Seat least = queue.removeFirst(); // its place changes with its count
                least.take(topicId, partition);
                queue.add(least);
            }
        }

        private List<Seat> subscribers(UUID topicId) {
            return subscribers.getOrDefault(topicId, List.of());
        }

        /** Moves partitions one by one while that brings two members closer together. */
        private void balance() {
            boolean moved = true;
            while (moved) {
                moved = false;
                for (UUID topicId : subscribers.keySet()) {
                    while (balance(topicId)) {
                        moved = true; // ends: each move makes the sum of squares less
                    }
                }
            }
        }

        private boolean balance(UUID topicId) {
            Seat least = null;
            Seat most = null;
            for (Seat seat : subscribers(topicId)) {
                if (least == null || LEAST_FIRST.compare(seat, least) < 0) {
                    least = seat;
                }
                if (seat.has(topicId) && (most == null || seat.count > most.count)) {
                    most = seat;
                }
            }
            if (least == null || most == null || most.count - least.count < 2) {
                return false;
            }
            least.take(topicId, most.give(topicId));
            return true;
        }
    }
}

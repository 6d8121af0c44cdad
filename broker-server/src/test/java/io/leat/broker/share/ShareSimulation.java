package io.leat.broker.share;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.share.Served.Delivery;
import io.leat.broker.share.Standing.Acquired;
import io.leat.broker.share.Standing.Archiving;
import io.leat.broker.share.Standing.Available;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Members that acknowledge in every way, too late, twice and for others; that crash, miss answers
 * and come back; before a coordinator that crashes and a disk that fails; on a log that grows, has
 * holes and loses its beginning. All drawn from one seed, in virtual time.
 *
 * <p>What must hold, after every step:
 *
 * <ul>
 *   <li>ONE HOLDER: while a member has a record, nobody else gets it.
 *   <li>ACKNOWLEDGED ONCE: of all acknowledgements of a record, at most one is taken, and the
 *       record is not delivered again, also after a crash.
 *   <li>COUNTED: each delivery of a record counts one more than the last, also after a crash.
 *   <li>BOUNDED: no more records are under way than the group allows.
 *   <li>NO LOCK LASTS: none is held longer than its time.
 *   <li>NOTHING LOST: in the end each record was accepted, or is a dead letter, once.
 * </ul>
 */
final class ShareSimulation {
    private static final int MEMBERS = 4;

    private final long seed;
    private final Random random;
    private final ShareFixture f = new ShareFixture();
    private final Set<Long> holes = new HashSet<>();
    private final Map<Long, Long> heldUntil = new HashMap<>();
    private final Map<Long, String> holder = new HashMap<>();
    private final Map<Long, Integer> counts = new HashMap<>();
    private final Set<Long> accepted = new HashSet<>();
    private final Set<Long> rejected = new HashSet<>();

    /** Deliveries whose acknowledgement was asked for while the disk failed, or got lost. */
    private final TreeMap<Long, Integer> deadLetters = new TreeMap<>();

    private final List<Mine> memories = new ArrayList<>();
    private long deadLettersWritten;
    private long logStart;
    private long logEnd;
    private boolean faults = true;
    int deliveries;
    int crashes;
    int letters;

    /** What a member believes to have. */
    private record Mine(String member, long first, long last) {}

    ShareSimulation(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        f.tell(to -> new ShareCommand.Open(0, to));
    }

    void run(int steps) {
        try {
            for (int i = 0; i < steps; i++) {
                step();
                check();
            }
            calmDown();
        } catch (AssertionError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    private void step() {
        int draw = random.nextInt(1000);
        String member = "member" + random.nextInt(MEMBERS);
        if (draw < 8) {
            crash();
        } else if (draw < 16) {
            f.store.failWrites(1 + random.nextInt(2));
        } else if (draw < 30) {
            memberGone(member);
        } else if (draw < 36) {
            trim();
        } else if (draw < 200) {
            grow(1 + random.nextInt(60));
        } else if (draw < 300) {
            pass(random.nextInt(4_000));
        } else if (draw < 310) {
            pass(random.nextInt(25_000));
        } else if (draw < 380) {
            writeDeadLetters();
        } else if (draw < 650) {
            take(member);
        } else if (!memories.isEmpty()) {
            Mine mine = memories.get(random.nextInt(memories.size()));
            boolean stranger = random.nextInt(20) == 0;
            acknowledge(stranger ? member : mine.member(), mine);
        }
    }

    private void grow(int records) {
        for (int i = 0; i < records; i++) {
            if (random.nextInt(12) == 0) {
                holes.add(logEnd);
            }
            logEnd++;
        }
    }

    private void trim() {
        if (random.nextInt(4) == 0 && logEnd > logStart) {
            logStart += random.nextInt((int) (logEnd - logStart)) / 4;
        }
    }

    private void crash() {
        f.store.failWrites(0); // on a disk that fails it would not start
        f.restart();
        crashes++;
        heldUntil.clear();
        holder.clear();
    }

    private void pass(long millis) {
        f.pass(millis);
        for (int i = 0; faults && i < 3; i++) {
            f.pass(600); // alarms whose write failed ring again, twice at the most
        }
    }

    private void memberGone(String member) {
        Answer<ErrorCode> answer =
                f.ask(to -> new ShareCommand.Release(member, to), error -> error);
        f.loop.turn();
        if (answer.join() == ErrorCode.NONE) {
            holder.values().removeIf(member::equals);
            if (random.nextBoolean()) {
                memories.removeIf(mine -> mine.member().equals(member));
            }
        }
    }

    private Offer offer(long from, int recordsMax) {
        long to = Math.min(logEnd, from + 1 + random.nextInt(150));
        List<Span> spans = new ArrayList<>();
        for (long offset = Math.max(from, logStart); offset < to; offset++) {
            if (holes.contains(offset)) {
                continue;
            }
            boolean joins =
                    !spans.isEmpty()
                            && spans.getLast().last() == offset - 1
                            && offset % 10 != 0; // batches of ten
            if (joins) {
                spans.set(spans.size() - 1, new Span(spans.getLast().first(), offset));
            } else {
                spans.add(new Span(offset, offset));
            }
        }
        return new Offer(from, to, spans, logStart, logEnd, recordsMax, random.nextBoolean());
    }

    private void take(String member) {
        long next = f.state().nextOffset(f.settings).orElse(-1);
        if (next < 0 || next >= logEnd) {
            return;
        }
        long from = Math.max(next, 0);
        Offer offer =
                from < logStart
                        ? new Offer(from, from, List.of(), logStart, logEnd, 0, true)
                        : offer(from, 1 + random.nextInt(60));
        Served served = f.serve(member, List.of(), offer);
        for (Delivery delivery : served.deliveries()) {
            deliver(member, delivery);
        }
        boolean lost = faults && random.nextInt(10) == 0;
        if (!lost) {
            served.deliveries()
                    .forEach(each -> memories.add(new Mine(member, each.first(), each.last())));
        }
    }

    private void deliver(String member, Delivery delivery) {
        long now = f.time.wallMillis();
        for (long offset = delivery.first(); offset <= delivery.last(); offset++) {
            require(!holes.contains(offset), offset + " is a hole and was delivered");
            require(!accepted.contains(offset), "ACKNOWLEDGED ONCE: " + offset + " comes again");
            require(!rejected.contains(offset), "ACKNOWLEDGED ONCE: " + offset + " was rejected");
            require(
                    !deadLetters.containsKey(offset),
                    "ACKNOWLEDGED ONCE: " + offset + " is a dead letter");
            boolean held = holder.containsKey(offset) && heldUntil.getOrDefault(offset, 0L) > now;
            require(!held, "ONE HOLDER: " + offset + " belongs to " + holder.get(offset));
            int count = counts.merge(offset, 1, Integer::sum);
            require(
                    count == delivery.count(),
                    "COUNTED: %d comes for the %dth time, and says %d"
                            .formatted(offset, count, delivery.count()));
            holder.put(offset, member);
            heldUntil.put(offset, now + f.settings.lockMillis());
            deliveries++;
        }
    }

    private void acknowledge(String member, Mine mine) {
        int draw = random.nextInt(100);
        AcknowledgeType type =
                draw < 65
                        ? AcknowledgeType.ACCEPT
                        : draw < 85
                                ? AcknowledgeType.RELEASE
                                : draw < 92 ? AcknowledgeType.REJECT : AcknowledgeType.RENEW;
        long first = mine.first() + random.nextInt((int) (mine.last() - mine.first() + 1));
        long last = first + random.nextInt((int) (mine.last() - first + 1));
        Served served = f.acknowledge(member, first, last, type);
        if (served.acknowledged() == ErrorCode.NONE) {
            for (long offset = first; offset <= last; offset++) {
                require(
                        member.equals(holder.get(offset)),
                        "ACKNOWLEDGED ONCE: %d by %s, who does not have it"
                                .formatted(offset, member));
                taken(offset, type);
            }
        }
        if (random.nextInt(4) > 0) {
            memories.remove(mine); // else it says it again, or something else
        }
    }

    private void taken(long offset, AcknowledgeType type) {
        switch (type) {
            case ACCEPT, GAP -> {
                require(accepted.add(offset), "ACKNOWLEDGED ONCE: " + offset);
                holder.remove(offset);
            }
            case REJECT -> {
                require(rejected.add(offset), "ACKNOWLEDGED ONCE: " + offset);
                holder.remove(offset);
            }
            case RELEASE -> holder.remove(offset);
            case RENEW -> heldUntil.put(offset, f.time.wallMillis() + f.settings.lockMillis());
        }
    }

    /** As the writer does: by number, and after a crash from what the topic says it has. */
    private void writeDeadLetters() {
        SharePartition state = f.state();
        Optional<Run> first =
                state.window().runs().stream()
                        .filter(run -> run.standing() instanceof Archiving)
                        .min((a, b) -> Long.compare(sequence(a), sequence(b)));
        if (first.isEmpty()) {
            return;
        }
        Run run = first.get();
        long end = sequence(run) + run.count();
        for (long offset = run.first(); offset <= run.last(); offset++) {
            long number = sequence(run) + offset - run.first();
            if (number >= deadLettersWritten) {
                require(number == deadLettersWritten, "a dead letter's number was left out");
                deadLettersWritten++;
                require(
                        deadLetters.merge(offset, 1, Integer::sum) == 1,
                        "NOTHING LOST: " + offset + " is a dead letter twice");
                letters++;
            }
        }
        if (!faults || random.nextInt(4) > 0) { // else it crashes before it is noted
            f.ask(to -> new ShareCommand.Archived(end, to), error -> error);
            f.loop.turn();
        }
    }

    private static long sequence(Run run) {
        return ((Archiving) run.standing()).sequence();
    }

    private void check() {
        SharePartition state = f.state();
        long unsettled = state.window().unsettled();
        require(
                unsettled <= f.settings.locksMax(),
                "BOUNDED: %d records are under way".formatted(unsettled));
        long now = f.time.wallMillis();
        for (Run run : state.window().runs()) {
            for (long offset = run.first(); offset <= run.last(); offset++) {
                if (run.standing() instanceof Acquired acquired) {
                    require(
                            heldUntil.getOrDefault(offset, 0L) > now - 2_000,
                            "NO LOCK LASTS: %d is held by %s"
                                    .formatted(offset, acquired.memberId()));
                }
                boolean done = accepted.contains(offset) || deadLetters.containsKey(offset);
                boolean open =
                        run.standing() instanceof Acquired || run.standing() instanceof Available;
                require(!(done && open), "ACKNOWLEDGED ONCE: %d is %s".formatted(offset, run));
            }
        }
    }

    /** No more faults: everything must come to its end. */
    private void calmDown() {
        faults = false;
        f.store.failWrites(0);
        memories.clear();
        for (int round = 0; round < 5_000 && !over(); round++) {
            pass(round % 20 == 0 ? f.settings.lockMillis() + 1 : 1);
            take("last");
            for (Mine mine : List.copyOf(memories)) {
                Served served =
                        f.acknowledge(
                                mine.member(), mine.first(), mine.last(), AcknowledgeType.ACCEPT);
                require(served.acknowledged() == ErrorCode.NONE, "what it has it may accept");
                for (long offset = mine.first(); offset <= mine.last(); offset++) {
                    taken(offset, AcknowledgeType.ACCEPT);
                }
            }
            memories.clear();
            writeDeadLetters();
            check();
        }
        require(over(), "NOTHING LOST: it does not come to its end: " + f.state());
        for (long offset = logStart; offset < logEnd; offset++) {
            boolean found = accepted.contains(offset) ^ deadLetters.containsKey(offset);
            require(
                    found || holes.contains(offset),
                    "NOTHING LOST: %d, accepted: %s, dead letter: %s"
                            .formatted(
                                    offset,
                                    accepted.contains(offset),
                                    deadLetters.containsKey(offset)));
        }
        for (long offset : rejected) {
            require(deadLetters.containsKey(offset), "NOTHING LOST: rejected " + offset);
        }
    }

    private boolean over() {
        SharePartition state = f.state();
        return state.window().runs().isEmpty() && state.window().end() >= logEnd;
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("seed " + seed + ": " + what);
        }
    }
}

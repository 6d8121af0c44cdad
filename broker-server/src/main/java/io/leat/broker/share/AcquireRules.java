package io.leat.broker.share;

import io.leat.broker.share.Served.Delivery;
import io.leat.broker.share.Standing.Acquired;
import io.leat.broker.share.Standing.Available;
import io.leat.broker.share.Standing.Settled;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which of the records that were read a member gets. Lives for one decision.
 *
 * <p>Records that were given up often come in ever smaller numbers, and on their last attempt
 * alone: what brings its consumer down then takes no neighbours with it to the limit.
 */
final class AcquireRules {
    private final ShareDraft draft;
    private final String memberId;
    private final Offer offer;
    private final Window before;
    private final Window.Edit after;
    private final List<Delivery> deliveries = new ArrayList<>();
    private OptionalLong lock = OptionalLong.empty();
    private long wanted;
    private long room;
    private boolean full;
    private boolean suspects;
    private int nextSpan;

    private AcquireRules(ShareDraft draft, String memberId, Offer offer) {
        this.draft = draft;
        this.memberId = memberId;
        this.offer = offer;
        this.before = draft.window().within(offer.logEnd());
        this.after = new Window.Edit(before.start(), before.runs().size() + offer.spans().size());
        this.wanted = offer.recordsMax();
        this.room = Math.max(0, draft.settings().locksMax() - before.unsettled());
    }

    static Served acquire(ShareDraft draft, String memberId, Offer offer) {
        AcquireRules rules = new AcquireRules(draft, memberId, offer);
        for (Run run : rules.before.runs()) {
            rules.pass(run);
        }
        rules.grow();
        draft.become(rules.after.window());
        return new Served(ErrorCode.NONE, rules.deliveries, rules.lock.orElse(-1L));
    }

    /** Takes of a run what is available and has a record. */
    private void pass(Run run) {
        if (!(run.standing() instanceof Available(int delivered))) {
            after.add(run);
            return;
        }
        long from = run.first();
        if (run.last() < offer.logStart()) {
            after.add(run.with(Settled.SETTLED));
            return;
        }
        if (from < offer.logStart()) {
            after.skipTo(offer.logStart());
            from = offer.logStart();
        }
        while (from <= run.last() && !full) {
            if (from < offer.from() || from >= offer.to()) {
                long last =
                        from < offer.from() ? Math.min(run.last(), offer.from() - 1) : run.last();
                after.add(run.cut(from, last));
                from = last + 1;
                continue;
            }
            from = takeSome(run, from, delivered);
        }
        if (from <= run.last()) {
            after.add(run.cut(from, run.last()));
        }
    }

    /** Goes on from an offset that was read, and says how far that came. */
    private long takeSome(Run run, long from, int delivered) {
        OptionalLong spanStart = spanFrom(from);
        long offeredLast = Math.min(run.last(), offer.to() - 1);
        if (spanStart.isEmpty() || spanStart.getAsLong() > offeredLast) {
            after.add(run.cut(from, offeredLast).with(Settled.SETTLED));
            return offeredLast + 1;
        }
        after.skipTo(spanStart.getAsLong());
        long first = spanStart.getAsLong();
        long last = Math.min(offeredLast, offer.spans().get(nextSpan).last());
        boolean suspect = suspect(delivered);
        boolean mixed = !deliveries.isEmpty() && suspect != suspects;
        long most = mixed ? 0 : share(delivered);
        if (most <= 0) {
            full = true;
            return first;
        }
        suspects = suspect;
        boolean whole = !offer.exact() && !suspect;
        long taken = whole ? last - first + 1 : Math.min(most, last - first + 1);
        take(first, first + taken - 1, delivered + 1);
        return first + taken;
    }

    /** Whether records were given up so often that they come in small numbers. */
    private boolean suspect(int delivered) {
        return delivered >= threshold();
    }

    private int threshold() {
        return Math.max(1, (draft.settings().deliveriesMax() + 1) / 2);
    }

    /** How many records that were delivered so often may come now, 0 where none may. */
    private long share(int delivered) {
        if (!suspect(delivered)) {
            return wanted;
        }
        if (delivered >= draft.settings().deliveriesMax() - 1) {
            return deliveries.isEmpty() && wanted > 0 ? 1 : 0;
        }
        long smaller = Math.max(1, offer.recordsMax() >> (delivered - threshold() + 1));
        long taken = offer.recordsMax() - wanted;
        return Math.min(wanted, smaller - taken);
    }

    /** Goes on behind the window's end, as far as there is room. */
    private void grow() {
        if (after.end() < offer.logStart()) {
            after.skipTo(Math.min(offer.logStart(), offer.logEnd()));
        }
        if (after.end() < offer.from() || full || suspects) {
            return;
        }
        while (after.end() < offer.to()) {
            OptionalLong spanStart = spanFrom(after.end());
            if (spanStart.isEmpty()) {
                after.skipTo(offer.to());
                return;
            }
            after.skipTo(spanStart.getAsLong());
            long last = Math.min(offer.spans().get(nextSpan).last(), offer.to() - 1);
            long count = last - after.end() + 1;
            long most = Math.min(room, wanted > 0 && !offer.exact() ? count : wanted);
            if (most <= 0) {
                return;
            }
            long taken = Math.min(most, count);
            room -= taken;
            take(after.end(), after.end() + taken - 1, 1);
        }
    }

    private void take(long first, long last, int count) {
        if (lock.isEmpty()) {
            lock = OptionalLong.of(draft.lock());
        }
        after.add(new Run(first, last, new Acquired(memberId, count, lock.getAsLong())));
        wanted -= last - first + 1;
        Delivery before = deliveries.isEmpty() ? null : deliveries.getLast();
        if (before != null && before.last() + 1 == first && before.count() == count) {
            deliveries.set(deliveries.size() - 1, new Delivery(before.first(), last, count));
        } else {
            deliveries.add(new Delivery(first, last, count));
        }
    }

    /** The first offset from {@code offset} on that has a record; moves to its span. */
    private OptionalLong spanFrom(long offset) {
        List<Span> spans = offer.spans();
        while (nextSpan < spans.size() && spans.get(nextSpan).last() < offset) {
            nextSpan++;
        }
        return nextSpan < spans.size()
                ? OptionalLong.of(Math.max(offset, spans.get(nextSpan).first()))
                : OptionalLong.empty();
    }
}

package io.leat.broker.share;

import io.leat.broker.share.Standing.Acquired;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.OptionalLong;

/** What becomes of records that a member had. */
final class AcknowledgeRules {
    private AcknowledgeRules() {}

    /**
     * Takes all acknowledgements, or none: a member that says one untrue thing does not know how
     * its records stand.
     */
    static ErrorCode acknowledge(
            ShareDraft draft, String memberId, List<Acknowledgement> acknowledgements) {
        if (acknowledgements.isEmpty()) {
            return ErrorCode.NONE;
        }
        if (!allHeldBy(draft.window(), memberId, acknowledgements)) {
            return ErrorCode.INVALID_RECORD_STATE;
        }
        boolean renews =
                acknowledgements.stream().anyMatch(each -> each.type() == AcknowledgeType.RENEW);
        if (renews && !draft.settings().renewable()) {
            return ErrorCode.INVALID_RECORD_STATE;
        }
        OptionalLong lock = renews ? OptionalLong.of(draft.lock()) : OptionalLong.empty();
        draft.become(
                draft.window()
                        .change(
                                acknowledgements,
                                (run, acknowledgement) ->
                                        switch (acknowledgement.type()) {
                                            case GAP, ACCEPT -> draft.settle(run);
                                            case RELEASE -> draft.release(run);
                                            case REJECT -> draft.reject(run);
                                            case RENEW -> draft.renew(run, lock.orElseThrow());
                                        }));
        return ErrorCode.NONE;
    }

    private static boolean allHeldBy(
            Window window, String memberId, List<Acknowledgement> acknowledgements) {
        List<Run> runs = window.runs();
        int at = 0;
        for (Acknowledgement acknowledgement : acknowledgements) {
            long next = acknowledgement.first();
            while (at < runs.size() && runs.get(at).last() < next) {
                at++;
            }
            for (; at < runs.size() && next <= acknowledgement.last(); at++) {
                Run run = runs.get(at);
                if (run.first() > next || !heldBy(run, memberId)) {
                    return false;
                }
                next = run.last() + 1;
                if (run.last() >= acknowledgement.last()) {
                    break; // the next acknowledgement may be about the rest of this run
                }
            }
            if (next <= acknowledgement.last()) {
                return false;
            }
        }
        return true;
    }

    private static boolean heldBy(Run run, String memberId) {
        return run.standing() instanceof Acquired acquired && acquired.memberId().equals(memberId);
    }

    /** A member is gone. */
    static void release(ShareDraft draft, String memberId) {
        draft.become(
                draft.window().changeAll(run -> heldBy(run, memberId) ? draft.release(run) : run));
    }

    /** A lock has ended. */
    static void release(ShareDraft draft, long lock) {
        draft.become(
                draft.window()
                        .changeAll(run ->
                                run.standing() instanceof Acquired acquired
                                                && acquired.lock() == lock
                                        ? draft.release(run)
                                        : run));
    }

    /** Dead letters are on disk. */
    static void archived(ShareDraft draft, long sequenceEnd) {
        Window.Edit edit = new Window.Edit(draft.window().start(), draft.window().runs().size());
        for (Run run : draft.window().runs()) {
            if (run.standing() instanceof Standing.Archiving archiving
                    && archiving.sequence() < sequenceEnd) {
                long count = Math.min(run.count(), sequenceEnd - archiving.sequence());
                long last = run.first() + count - 1;
                edit.skipTo(last + 1);
                if (last < run.last()) {
                    edit.add(run.cut(last + 1, run.last()));
                }
            } else {
                edit.add(run);
            }
        }
        draft.become(edit.window());
    }
}

package io.leat.broker.share;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads acknowledgements as members send them. */
final class AcknowledgementBatches {
    private final List<Acknowledgement> read = new ArrayList<>();
    private final boolean renewAllowed;
    private boolean sound = true;

    /**
     * @param renewAllowed whether the request says that it may renew locks
     */
    AcknowledgementBatches(boolean renewAllowed) {
        this.renewAllowed = renewAllowed;
    }

    /** Adds a batch: types are one for all offsets, or one for each. */
    void add(long first, long last, List<Byte> types) {
        long count = last - first + 1;
        long behind = read.isEmpty() ? 0 : read.getLast().last() + 1;
        boolean counts =
                first >= behind
                        && last >= first
                        && count > 0
                        && (types.size() == 1 || types.size() == count);
        if (!counts) {
            sound = false;
            return;
        }
        if (types.size() == 1) {
            type(types.getFirst()).ifPresent(type -> add(first, last, type));
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            long offset = first + i;
            type(types.get(i)).ifPresent(type -> add(offset, offset, type));
        }
    }

    private Optional<AcknowledgeType> type(byte code) {
        Optional<AcknowledgeType> type =
                AcknowledgeType.of(code)
                        .filter(known -> known != AcknowledgeType.RENEW || renewAllowed);
        if (type.isEmpty()) {
            sound = false;
        }
        return type;
    }

    private void add(long first, long last, AcknowledgeType type) {
        Acknowledgement before = read.isEmpty() ? null : read.getLast();
        if (before != null && before.last() + 1 == first && before.type() == type) {
            read.set(read.size() - 1, new Acknowledgement(before.first(), last, type));
        } else {
            read.add(new Acknowledgement(first, last, type));
        }
    }

    /** What was read in ascending order; empty where it makes no sense. */
    Optional<List<Acknowledgement>> read() {
        return sound ? Optional.of(List.copyOf(read)) : Optional.empty();
    }
}

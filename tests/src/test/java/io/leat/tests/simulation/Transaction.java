package io.leat.tests.simulation;

/** A transaction as its coordinator knows it: how it is to end is decided before any marker is. */
final class Transaction {
    enum State {
        OPEN,
        COMMITTING,
        COMMITTED,
        ABORTING,
        ABORTED
    }

    State state = State.OPEN;

    boolean ending() {
        return state == State.COMMITTING || state == State.ABORTING;
    }

    boolean committed() {
        return state == State.COMMITTED || state == State.COMMITTING;
    }

    void ended() {
        state = state == State.COMMITTING ? State.COMMITTED : State.ABORTED;
    }
}

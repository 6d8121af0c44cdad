package io.leat.broker.share;

/** What a member says of neighbouring records. */
record Acknowledgement(long first, long last, AcknowledgeType type) implements Range {}

package io.leat.wire.message;

/** A message that a client sends. */
public interface RequestMessage {}

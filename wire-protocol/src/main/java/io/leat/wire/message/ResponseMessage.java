package io.leat.wire.message;

/** A message that a broker answers with. */
public interface ResponseMessage {}

package io.leat.wire.message;

/** A message from broker to client. */
public interface ResponseMessage {}

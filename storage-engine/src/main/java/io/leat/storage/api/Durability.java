package io.leat.storage.api;

/** When the future of an append completes. */
public enum Durability {
    /** After the write, before any force: acks=1. A power cut may take the batch. */
    WRITTEN,
    /** After the force that covers the batch: acks=all. A power cut cannot take the batch. */
    FORCED
}

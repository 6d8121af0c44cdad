package io.leat.cli.command;

import io.leat.client.ConsumerRecord;
import java.io.ByteArrayOutputStream;

/** How a record is printed. */
@FunctionalInterface
interface RecordFormat {
    /** Appends a record. */
    void append(ConsumerRecord<byte[], byte[]> record, ByteArrayOutputStream out);
}

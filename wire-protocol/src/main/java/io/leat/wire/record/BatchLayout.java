package io.leat.wire.record;

/**
 * Where the fields of a record batch stand, in bytes from its first one. All numbers are
 * big-endian.
 *
 * <pre>
 *  byte  field                    type
 *     0  base offset              int64   offset of the first record; the broker sets it
 *     8  batch length             int32   bytes behind this field: size of the batch - 12
 *    12  partition leader epoch   int32   the broker sets it
 *    16  magic                    int8    2
 *    17  CRC                      uint32  CRC-32C of everything below: ------+
 *    21  attributes               int16   see the bits below                 |
 *    23  last offset delta        int32   last offset - base offset          |
 *    27  base timestamp           int64   milliseconds, of the first record  |
 *    35  max timestamp            int64   milliseconds                       |
 *    43  producer id              int64   -1 without                         |
 *    51  producer epoch           int16   -1 without                         |
 *    53  base sequence            int32   of the first record, -1 without    |
 *    57  record count             int32                                      |
 *    61  records                          compressed as one, if at all ------+
 *
 *  attributes
 *    bit 15 ........ 7   6                5         4               3                2 1 0
 *        |  unused   | delete horizon | control | transactional | timestamp type | compression |
 *
 *  record (varint and varlong are zigzag, see {@link Varints}; a length of -1 is null)
 *    length          varint   bytes behind this field
 *    attributes      int8     unused
 *    timestamp delta varlong  from the base timestamp
 *    offset delta    varint   from the base offset
 *    key length      varint   key
 *    value length    varint   value
 *    header count    varint   then each: key length varint, key (UTF-8), value length varint, value
 * </pre>
 *
 * <p>With the delete horizon bit the base timestamp is the time from which tombstones and abort
 * markers may go (KIP-534).
 *
 * @see <a href="https://kafka.apache.org/documentation/#recordbatch">Kafka's description</a>
 */
public final class BatchLayout {
    public static final int BASE_OFFSET = 0;
    public static final int BATCH_LENGTH = 8;
    public static final int PARTITION_LEADER_EPOCH = 12;
    public static final int MAGIC = 16;
    public static final int CRC = 17;
    public static final int ATTRIBUTES = 21;
    public static final int LAST_OFFSET_DELTA = 23;
    public static final int BASE_TIMESTAMP = 27;
    public static final int MAX_TIMESTAMP = 35;
    public static final int PRODUCER_ID = 43;
    public static final int PRODUCER_EPOCH = 51;
    public static final int BASE_SEQUENCE = 53;
    public static final int RECORD_COUNT = 57;
    public static final int RECORDS = 61;

    /** The size of a batch's header, which is also the size of the smallest batch. */
    public static final int HEADER_BYTES = RECORDS;

    /** What stands before the bytes that the batch length counts. */
    public static final int LENGTH_PREFIX_BYTES = 12;

    /** The only magic that this package reads and writes. */
    public static final byte MAGIC_V2 = 2;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;
    static final int UNUSED_BITS = 0xff80;

    private BatchLayout() {}
}

package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Asks how transactional ids stand (KIP-664). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeTransactionsRequest(List<String> transactionalIds)
        implements RequestMessage {}

package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** The log directories with the sizes of partitions. */
@Message(from = 1, to = 5, flexibleFrom = 2)
public record DescribeLogDirsResponse(
        int throttleTimeMs,
        @Since(3) @Ignorable short errorCode,
        List<DescribeLogDirsResult> results)
        implements ResponseMessage {

    /** One directory, or the error that keeps it from being described. */
    public record DescribeLogDirsResult(
            short errorCode,
            String logDir,
            List<DescribeLogDirsTopic> topics,
            @Since(4) @Default("-1") @Ignorable long totalBytes,
            @Since(4) @Default("-1") @Ignorable long usableBytes,
            @Since(5) @Ignorable boolean isCordoned) {}

    /** A topic's partitions in the directory. */
    public record DescribeLogDirsTopic(String name, List<DescribeLogDirsPartition> partitions) {}

    /** How many bytes a partition takes. */
    public record DescribeLogDirsPartition(
            int partitionIndex, long partitionSize, long offsetLag, boolean isFutureKey) {}
}

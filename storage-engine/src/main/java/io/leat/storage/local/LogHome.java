package io.leat.storage.local;

import io.leat.storage.api.StorageObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a log needs of its store.
 *
 * @param directory the log's own
 * @param above force the directories above that the store may have made for it
 * @param onClosed told once all is free
 */
record LogHome(
        OpenSegments pool,
        Path directory,
        List<SharedForce> above,
        LocalStoreSettings settings,
        StorageObserver observer,
        AppendLane lane,
        Workers workers,
        Workers.Crew groupCommit,
        CheckpointFile checkpoints,
        CheckpointFile.Entry entry,
        Healer healer,
        Consumer<LogState> onClosed) {}

package io.leat.cli.command;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar, or nothing where nobody would see it. */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 80;

    private final Optional<ProgressBar> bar;

    private Progress(Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    public static Progress none() {
        return new Progress(Optional.empty());
    }

    /** Counts bytes, shown in megabytes. */
    public static Progress ofBytes(String task, long totalBytes, PrintStream out) {
        return new Progress(
                Optional.of(builder(task, totalBytes, out).setUnit(" MB", 1_000_000).build()));
    }

    /** Counts things. */
    public static Progress ofCount(String task, long total, PrintStream out) {
        return new Progress(Optional.of(builder(task, total, out).build()));
    }

    private static ProgressBarBuilder builder(String task, long total, PrintStream out) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUpdateIntervalMillis(50)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH));
    }

    /** Says how much is done. */
    public void at(long done) {
        bar.ifPresent(each -> each.stepTo(done));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}

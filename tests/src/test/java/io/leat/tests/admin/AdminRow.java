package io.leat.tests.admin;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * One question to a broker.
 *
 * @param name what is done
 * @param changes whether it changes something, and so must not be asked again
 */
record AdminRow(String name, boolean changes, Ask ask) {
    /** Asks, and says in a few words what the answer is. */
    @FunctionalInterface
    interface Ask {
        Object of(Admin admin) throws Exception;
    }

    /** The answer: a result, or the class of the exception. */
    String outcome(Admin admin) {
        try {
            Object result = ask.of(admin);
            return result == null ? "ok" : result.toString();
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }
}

package io.leat.broker.security;

import io.leat.broker.api.RequestContext;
import io.leat.broker.sasl.ScramCredential;
import io.leat.broker.sasl.ScramUsers;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterUserScramCredentialsRequest;
import io.leat.wire.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.leat.wire.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.leat.wire.message.AlterUserScramCredentialsResponse;
import io.leat.wire.message.AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult;
import io.leat.wire.message.DescribeUserScramCredentialsRequest;
import io.leat.wire.message.DescribeUserScramCredentialsRequest.UserName;
import io.leat.wire.message.DescribeUserScramCredentialsResponse;
import io.leat.wire.message.DescribeUserScramCredentialsResponse.CredentialInfo;
import io.leat.wire.message.DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult;
import io.leat.wire.sasl.ScramMechanism;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Shows and changes users' SCRAM credentials (KIP-554). */
final class ScramHandlers {
    private static final int SALT_BYTES_MAX = 255;

    private final ScramUsers users;
    private final Executor blocking;

    ScramHandlers(ScramUsers users, Executor blocking) {
        this.users = users;
        this.blocking = blocking;
    }

    CompletionStage<DescribeUserScramCredentialsResponse> describe(
            RequestContext context, DescribeUserScramCredentialsRequest request) {
        List<UserName> asked = request.users();
        Map<String, Map<ScramMechanism, ScramCredential>> all = users.all();
        List<DescribeUserScramCredentialsResult> results = new ArrayList<>();
        if (asked == null || asked.isEmpty()) {
            all.forEach((user, credentials) -> results.add(shown(user, credentials.values())));
        } else {
            Map<String, Long> counted =
                    asked.stream()
                            .collect(
                                    Collectors.groupingBy(
                                            UserName::name,
                                            LinkedHashMap::new,
                                            Collectors.counting()));
            counted.forEach((user, count) -> results.add(described(user, count, all)));
        }
        return CompletableFuture.completedFuture(
                new DescribeUserScramCredentialsResponse(0, ErrorCode.NONE.code(), null, results));
    }

    private static DescribeUserScramCredentialsResult described(
            String user, long count, Map<String, Map<ScramMechanism, ScramCredential>> all) {
        if (count > 1) {
            return new DescribeUserScramCredentialsResult(
                    user,
                    ErrorCode.DUPLICATE_RESOURCE.code(),
                    "User '" + user + "' is named more than once",
                    List.of());
        }
        Map<ScramMechanism, ScramCredential> credentials = all.get(user);
        if (credentials == null) {
            return new DescribeUserScramCredentialsResult(
                    user,
                    ErrorCode.RESOURCE_NOT_FOUND.code(),
                    "User '" + user + "' has no SCRAM credentials",
                    List.of());
        }
        return shown(user, credentials.values());
    }

    private static DescribeUserScramCredentialsResult shown(
            String user, Collection<ScramCredential> credentials) {
        return new DescribeUserScramCredentialsResult(
                user,
                ErrorCode.NONE.code(),
                null,
                credentials.stream()
                        .map(each -> new CredentialInfo(each.mechanism().code(), each.iterations()))
                        .toList());
    }

    CompletionStage<AlterUserScramCredentialsResponse> alter(
            RequestContext context, AlterUserScramCredentialsRequest request) {
        return CompletableFuture.supplyAsync(() -> alter(request), blocking);
    }

    /** One error of a user keeps all of that user's changes from being made. */
    private AlterUserScramCredentialsResponse alter(AlterUserScramCredentialsRequest request) {
        Map<String, Optional<AlterUserScramCredentialsResult>> outcomes = new LinkedHashMap<>();
        List<ScramUsers.Change> changes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ScramCredentialDeletion deletion : request.deletions()) {
            take(
                    deletion.name(),
                    flaw(deletion).or(() -> repeated(seen, deletion.name(), deletion.mechanism())),
                    outcomes);
            ScramMechanism.of(deletion.mechanism())
                    .map(mechanism ->
                            new ScramUsers.Change(deletion.name(), mechanism, Optional.empty()))
                    .ifPresent(changes::add);
        }
        for (ScramCredentialUpsertion upsertion : request.upsertions()) {
            take(
                    upsertion.name(),
                    flaw(upsertion)
                            .or(() -> repeated(seen, upsertion.name(), upsertion.mechanism())),
                    outcomes);
            if (flaw(upsertion).isEmpty()) {
                changes.add(change(upsertion));
            }
        }
        changes.removeIf(
                change -> outcomes.getOrDefault(change.user(), Optional.empty()).isPresent());
        Optional<AlterUserScramCredentialsResult> failure = Optional.empty();
        try {
            users.change(changes);
        } catch (StorageException e) {
            failure = Optional.of(failed("", ErrorCode.KAFKA_STORAGE_ERROR, "The disk failed"));
        }
        List<AlterUserScramCredentialsResult> results = new ArrayList<>();
        for (Map.Entry<String, Optional<AlterUserScramCredentialsResult>> outcome :
                outcomes.entrySet()) {
            AlterUserScramCredentialsResult done =
                    failure.map(each ->
                                    failed(
                                            outcome.getKey(),
                                            ErrorCode.KAFKA_STORAGE_ERROR,
                                            "The disk failed"))
                            .orElseGet(() ->
                                    new AlterUserScramCredentialsResult(
                                            outcome.getKey(), ErrorCode.NONE.code(), null));
            results.add(outcome.getValue().orElse(done));
        }
        return new AlterUserScramCredentialsResponse(0, results);
    }

    private static void take(
            String user,
            Optional<AlterUserScramCredentialsResult> flaw,
            Map<String, Optional<AlterUserScramCredentialsResult>> outcomes) {
        outcomes.merge(user, flaw, (first, second) -> first.isPresent() ? first : second);
    }

    private static Optional<AlterUserScramCredentialsResult> repeated(
            Set<String> seen, String user, byte mechanism) {
        return seen.add(mechanism + "/" + user)
                ? Optional.empty()
                : Optional.of(
                        failed(
                                user,
                                ErrorCode.DUPLICATE_RESOURCE,
                                "A credential of user '" + user + "' is named more than once"));
    }

    private Optional<AlterUserScramCredentialsResult> flaw(ScramCredentialDeletion deletion) {
        Optional<ScramMechanism> mechanism = ScramMechanism.of(deletion.mechanism());
        if (deletion.name().isEmpty()) {
            return Optional.of(failed("", ErrorCode.UNACCEPTABLE_CREDENTIAL, "No user is named"));
        }
        if (mechanism.isEmpty()) {
            return Optional.of(unknownMechanism(deletion.name()));
        }
        return users.all().getOrDefault(deletion.name(), Map.of()).containsKey(mechanism.get())
                ? Optional.empty()
                : Optional.of(
                        failed(
                                deletion.name(),
                                ErrorCode.RESOURCE_NOT_FOUND,
                                "User '" + deletion.name() + "' has no such credential"));
    }

    private static Optional<AlterUserScramCredentialsResult> flaw(
            ScramCredentialUpsertion upsertion) {
        String user = upsertion.name();
        if (user.isEmpty()) {
            return Optional.of(failed("", ErrorCode.UNACCEPTABLE_CREDENTIAL, "No user is named"));
        }
        if (ScramMechanism.of(upsertion.mechanism()).isEmpty()) {
            return Optional.of(unknownMechanism(user));
        }
        if (upsertion.iterations() < ScramMechanism.ITERATIONS_MIN
                || upsertion.iterations() > ScramMechanism.ITERATIONS_MAX) {
            return Optional.of(
                    failed(
                            user,
                            ErrorCode.UNACCEPTABLE_CREDENTIAL,
                            "Iterations must be %d to %d"
                                    .formatted(
                                            ScramMechanism.ITERATIONS_MIN,
                                            ScramMechanism.ITERATIONS_MAX)));
        }
        int salt = upsertion.salt().remaining();
        if (salt == 0 || salt > SALT_BYTES_MAX || !upsertion.saltedPassword().hasRemaining()) {
            return Optional.of(
                    failed(
                            user,
                            ErrorCode.UNACCEPTABLE_CREDENTIAL,
                            "A credential has a salt of 1 to 255 bytes and a salted password"));
        }
        return Optional.empty();
    }

    private static ScramUsers.Change change(ScramCredentialUpsertion upsertion) {
        ScramMechanism mechanism = ScramMechanism.of(upsertion.mechanism()).orElseThrow();
        return new ScramUsers.Change(
                upsertion.name(),
                mechanism,
                Optional.of(
                        ScramCredential.of(
                                mechanism,
                                upsertion.iterations(),
                                bytes(upsertion.salt()),
                                bytes(upsertion.saltedPassword()))));
    }

    private static AlterUserScramCredentialsResult unknownMechanism(String user) {
        return failed(
                user, ErrorCode.UNSUPPORTED_SASL_MECHANISM, "There is no such SCRAM mechanism");
    }

    private static AlterUserScramCredentialsResult failed(
            String user, ErrorCode error, String message) {
        return new AlterUserScramCredentialsResult(user, error.code(), message);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

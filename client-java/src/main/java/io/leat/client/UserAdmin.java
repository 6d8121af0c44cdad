package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterUserScramCredentialsRequest;
import io.leat.wire.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.leat.wire.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.leat.wire.message.DescribeUserScramCredentialsRequest;
import io.leat.wire.message.DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult;
import io.leat.wire.sasl.ScramMechanism;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Users and their passwords (KIP-554), which do not travel themselves. On the loop. */
final class UserAdmin {
    private static final int SALT_BYTES = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Cluster cluster;

    UserAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    CompletableFuture<List<UserListing>> list(Deadline deadline) {
        String what = "list users";
        DescribeUserScramCredentialsRequest all = new DescribeUserScramCredentialsRequest(null);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askAny(Apis.DESCRIBE_USER_SCRAM_CREDENTIALS, all)
                                .thenApply(answer -> {
                                    BrokerException.check(
                                            answer.errorCode(), what, answer.errorMessage());
                                    return answer.results().stream()
                                            .map(UserAdmin::listing)
                                            .sorted(Comparator.comparing(UserListing::name))
                                            .toList();
                                }));
    }

    private static UserListing listing(DescribeUserScramCredentialsResult result) {
        Set<String> mechanisms = new TreeSet<>();
        for (var credential : result.credentialInfos()) {
            ScramMechanism.of(credential.mechanism())
                    .map(ScramMechanism::mechanism)
                    .ifPresent(mechanisms::add);
        }
        return new UserListing(result.user(), mechanisms);
    }

    /** The hashing takes some milliseconds, which are not the loop's. */
    CompletableFuture<Void> setPassword(String user, Secret password, Deadline deadline) {
        return CompletableFuture.supplyAsync(() ->
                        Arrays.stream(ScramMechanism.values())
                                .map(mechanism -> upsertion(user, password, mechanism))
                                .toList())
                .thenComposeAsync(
                        upsertions ->
                                oneByOne(
                                        "set the password of user '" + user + "'",
                                        upsertions.stream()
                                                .map(each ->
                                                        new AlterUserScramCredentialsRequest(
                                                                List.of(), List.of(each)))
                                                .toList(),
                                        deadline),
                        cluster.loop());
    }

    private static ScramCredentialUpsertion upsertion(
            String user, Secret password, ScramMechanism mechanism) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] salted =
                mechanism.salted(
                        password.value().getBytes(StandardCharsets.UTF_8),
                        salt,
                        ScramMechanism.ITERATIONS_MIN);
        return new ScramCredentialUpsertion(
                user,
                mechanism.code(),
                ScramMechanism.ITERATIONS_MIN,
                ByteBuffer.wrap(salt),
                ByteBuffer.wrap(salted));
    }

    CompletableFuture<Void> delete(String user, Deadline deadline) {
        String what = "delete user '" + user + "'";
        return list(deadline)
                .thenCompose(users ->
                        users.stream()
                                .filter(each -> each.name().equals(user))
                                .findFirst()
                                .map(found -> oneByOne(what, deletions(found), deadline))
                                .orElseGet(() ->
                                        CompletableFuture.failedFuture(
                                                BrokerException.fatal(
                                                        ErrorCode.RESOURCE_NOT_FOUND,
                                                        what,
                                                        "there is no such user"))));
    }

    private static List<AlterUserScramCredentialsRequest> deletions(UserListing user) {
        return Arrays.stream(ScramMechanism.values())
                .filter(mechanism -> user.mechanisms().contains(mechanism.mechanism()))
                .map(mechanism -> new ScramCredentialDeletion(user.name(), mechanism.code()))
                .map(each -> new AlterUserScramCredentialsRequest(List.of(each), List.of()))
                .toList();
    }

    /** Apache Kafka takes no request that changes two mechanisms of a user. */
    private CompletableFuture<Void> oneByOne(
            String what, List<AlterUserScramCredentialsRequest> requests, Deadline deadline) {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (AlterUserScramCredentialsRequest request : requests) {
            done = done.thenCompose(before -> change(what, request, deadline));
        }
        return done;
    }

    private CompletableFuture<Void> change(
            String what, AlterUserScramCredentialsRequest request, Deadline deadline) {
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.ALTER_USER_SCRAM_CREDENTIALS, request)
                                .thenAccept(answer ->
                                        answer.results()
                                                .forEach(result ->
                                                        BrokerException.check(
                                                                result.errorCode(),
                                                                what,
                                                                result.errorMessage()))));
    }
}

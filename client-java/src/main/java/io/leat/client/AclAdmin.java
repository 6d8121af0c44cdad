package io.leat.client;

import io.leat.client.Acl.Operation;
import io.leat.client.Acl.Resource;
import io.leat.client.Acl.ResourceType;
import io.leat.wire.message.CreateAclsRequest;
import io.leat.wire.message.DeleteAclsRequest;
import io.leat.wire.message.DescribeAclsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Rules about who may do what (KIP-140, KIP-290). On the loop. */
final class AclAdmin {
    private static final byte ANY = 1;
    private static final byte DENY = 2;
    private static final byte ALLOW = 3;
    private static final byte LITERAL = 3;
    private static final byte PREFIXED = 4;

    private final Cluster cluster;

    AclAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    CompletableFuture<List<Acl>> list(AclFilter filter, Deadline deadline) {
        String what = "list ACLs";
        DescribeAclsRequest request =
                new DescribeAclsRequest(
                        type(filter),
                        filter.name().orElse(null),
                        pattern(filter),
                        filter.principal().orElse(null),
                        filter.host().orElse(null),
                        operation(filter),
                        permission(filter));
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askAny(Apis.DESCRIBE_ACLS, request)
                                .thenApply(answer -> {
                                    BrokerException.check(
                                            answer.errorCode(), what, answer.errorMessage());
                                    List<Acl> found = new ArrayList<>();
                                    for (var resource : answer.resources()) {
                                        for (var each : resource.acls()) {
                                            acl(
                                                            resource.resourceType(),
                                                            resource.resourceName(),
                                                            resource.patternType(),
                                                            each.principal(),
                                                            each.host(),
                                                            each.operation(),
                                                            each.permissionType())
                                                    .ifPresent(found::add);
                                        }
                                    }
                                    return found;
                                }));
    }

    CompletableFuture<Void> create(List<Acl> acls, Deadline deadline) {
        CreateAclsRequest request =
                new CreateAclsRequest(
                        acls.stream()
                                .map(acl ->
                                        new CreateAclsRequest.AclCreation(
                                                acl.resource().type().wire(),
                                                acl.resource().name(),
                                                acl.resource().prefixed() ? PREFIXED : LITERAL,
                                                acl.principal(),
                                                acl.host(),
                                                acl.operation().wire(),
                                                acl.allow() ? ALLOW : DENY))
                                .toList());
        return Retry.until(
                cluster,
                deadline,
                "create ACLs",
                () ->
                        cluster.askController(Apis.CREATE_ACLS, request)
                                .thenAccept(answer -> {
                                    for (int i = 0; i < answer.results().size(); i++) {
                                        var result = answer.results().get(i);
                                        BrokerException.check(
                                                result.errorCode(),
                                                "create ACL " + acls.get(i),
                                                result.errorMessage());
                                    }
                                }));
    }

    CompletableFuture<List<Acl>> delete(AclFilter filter, Deadline deadline) {
        String what = "delete ACLs";
        DeleteAclsRequest request =
                new DeleteAclsRequest(
                        List.of(
                                new DeleteAclsRequest.DeleteAclsFilter(
                                        type(filter),
                                        filter.name().orElse(null),
                                        pattern(filter),
                                        filter.principal().orElse(null),
                                        filter.host().orElse(null),
                                        operation(filter),
                                        permission(filter))));
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askController(Apis.DELETE_ACLS, request)
                                .thenApply(answer -> {
                                    List<Acl> deleted = new ArrayList<>();
                                    for (var result : answer.filterResults()) {
                                        BrokerException.check(
                                                result.errorCode(), what, result.errorMessage());
                                        for (var each : result.matchingAcls()) {
                                            BrokerException.check(
                                                    each.errorCode(), what, each.errorMessage());
                                            acl(
                                                            each.resourceType(),
                                                            each.resourceName(),
                                                            each.patternType(),
                                                            each.principal(),
                                                            each.host(),
                                                            each.operation(),
                                                            each.permissionType())
                                                    .ifPresent(deleted::add);
                                        }
                                    }
                                    return deleted;
                                }));
    }

    private static byte type(AclFilter filter) {
        return filter.type().map(ResourceType::wire).orElse(ANY);
    }

    private static byte pattern(AclFilter filter) {
        return filter.prefixed().map(prefixed -> prefixed ? PREFIXED : LITERAL).orElse(ANY);
    }

    private static byte operation(AclFilter filter) {
        return filter.operation().map(Operation::wire).orElse(ANY);
    }

    private static byte permission(AclFilter filter) {
        return filter.allow().map(allow -> allow ? ALLOW : DENY).orElse(ANY);
    }

    /** A rule of a kind that this client does not know is left out. */
    private static Optional<Acl> acl(
            byte type,
            String name,
            byte pattern,
            String principal,
            String host,
            byte operation,
            byte permission) {
        return ResourceType.of(type)
                .flatMap(knownType ->
                        Operation.of(operation)
                                .map(knownOperation ->
                                        new Acl(
                                                new Resource(knownType, name, pattern == PREFIXED),
                                                principal,
                                                host,
                                                knownOperation,
                                                permission == ALLOW)));
    }
}

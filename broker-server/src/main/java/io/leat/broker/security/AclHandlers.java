package io.leat.broker.security;

import io.leat.broker.access.Acl;
import io.leat.broker.access.AclFilter;
import io.leat.broker.access.Acls;
import io.leat.broker.access.Operation;
import io.leat.broker.access.PatternType;
import io.leat.broker.access.ResourceType;
import io.leat.broker.api.RequestContext;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.CreateAclsRequest;
import io.leat.wire.message.CreateAclsRequest.AclCreation;
import io.leat.wire.message.CreateAclsResponse;
import io.leat.wire.message.CreateAclsResponse.AclCreationResult;
import io.leat.wire.message.DeleteAclsRequest;
import io.leat.wire.message.DeleteAclsRequest.DeleteAclsFilter;
import io.leat.wire.message.DeleteAclsResponse;
import io.leat.wire.message.DeleteAclsResponse.DeleteAclsFilterResult;
import io.leat.wire.message.DeleteAclsResponse.DeleteAclsMatchingAcl;
import io.leat.wire.message.DescribeAclsRequest;
import io.leat.wire.message.DescribeAclsResponse;
import io.leat.wire.message.DescribeAclsResponse.AclDescription;
import io.leat.wire.message.DescribeAclsResponse.DescribeAclsResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Shows, makes and removes ACLs, where they count. */
final class AclHandlers {
    private static final byte ANY = 1;
    private static final byte DENY = 2;
    private static final byte ALLOW = 3;
    private static final String OFF = "No ACLs count here: authorizer.class.name switches them on";

    private final Optional<Acls> acls;
    private final Executor blocking;

    AclHandlers(Optional<Acls> acls, Executor blocking) {
        this.acls = acls;
        this.blocking = blocking;
    }

    private record Place(ResourceType type, String name, PatternType pattern) {}

    CompletionStage<DescribeAclsResponse> describe(
            RequestContext context, DescribeAclsRequest request) {
        return CompletableFuture.completedFuture(describe(request));
    }

    private DescribeAclsResponse describe(DescribeAclsRequest request) {
        if (acls.isEmpty()) {
            return new DescribeAclsResponse(0, ErrorCode.SECURITY_DISABLED.code(), OFF, List.of());
        }
        AclFilter filter;
        try {
            filter =
                    filter(
                            request.resourceTypeFilter(),
                            request.resourceNameFilter(),
                            request.patternTypeFilter(),
                            request.principalFilter(),
                            request.hostFilter(),
                            request.operation(),
                            request.permissionType());
        } catch (IllegalArgumentException e) {
            return new DescribeAclsResponse(
                    0, ErrorCode.INVALID_REQUEST.code(), e.getMessage(), List.of());
        }
        Map<Place, List<AclDescription>> found = new LinkedHashMap<>();
        for (Acl acl : acls.get().find(filter)) {
            found.computeIfAbsent(
                            new Place(acl.type(), acl.name(), acl.pattern()),
                            place -> new ArrayList<>())
                    .add(
                            new AclDescription(
                                    acl.principal(),
                                    acl.host(),
                                    acl.operation().code(),
                                    acl.allows() ? ALLOW : DENY));
        }
        List<DescribeAclsResource> resources = new ArrayList<>();
        found.forEach((place, entries) ->
                resources.add(
                        new DescribeAclsResource(
                                place.type().code(),
                                place.name(),
                                place.pattern().code(),
                                entries)));
        return new DescribeAclsResponse(0, ErrorCode.NONE.code(), null, resources);
    }

    CompletionStage<CreateAclsResponse> create(RequestContext context, CreateAclsRequest request) {
        return CompletableFuture.supplyAsync(
                () ->
                        new CreateAclsResponse(
                                0, request.creations().stream().map(this::create).toList()),
                blocking);
    }

    private AclCreationResult create(AclCreation creation) {
        if (acls.isEmpty()) {
            return new AclCreationResult(ErrorCode.SECURITY_DISABLED.code(), OFF);
        }
        try {
            acls.get().add(List.of(acl(creation)));
            return new AclCreationResult(ErrorCode.NONE.code(), null);
        } catch (IllegalArgumentException e) {
            return new AclCreationResult(ErrorCode.INVALID_REQUEST.code(), e.getMessage());
        } catch (StorageException e) {
            return new AclCreationResult(ErrorCode.KAFKA_STORAGE_ERROR.code(), e.getMessage());
        }
    }

    private static Acl acl(AclCreation creation) {
        ResourceType type =
                ResourceType.of(creation.resourceType())
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "There is no resource type " + creation.resourceType()));
        PatternType pattern =
                PatternType.of(creation.resourcePatternType())
                        .filter(each -> each == PatternType.LITERAL || each == PatternType.PREFIXED)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "An ACL's pattern type is LITERAL or PREFIXED"));
        Operation operation =
                Operation.of(creation.operation())
                        .filter(each -> each == Operation.ALL || type.knows(each))
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "Resources of type %s do not know operation %s"
                                                .formatted(
                                                        type,
                                                        Operation.of(creation.operation())
                                                                .map(Enum::name)
                                                                .orElse("?"))));
        if (creation.permissionType() != ALLOW && creation.permissionType() != DENY) {
            throw new IllegalArgumentException("An ACL allows or denies");
        }
        if (creation.resourceName().isEmpty() || creation.resourceName().contains("\0")) {
            throw new IllegalArgumentException("An ACL names a resource");
        }
        if (type == ResourceType.CLUSTER
                && !creation.resourceName().equals(ResourceType.CLUSTER_NAME)) {
            throw new IllegalArgumentException(
                    "The only resource of type CLUSTER is " + ResourceType.CLUSTER_NAME);
        }
        if (!creation.principal().matches("[^:\0]+:[^\0]+")) {
            throw new IllegalArgumentException(
                    "A principal is written TYPE:NAME, such as User:alice");
        }
        if (creation.host().isEmpty() || creation.host().contains("\0")) {
            throw new IllegalArgumentException("A host is an address, or * for all");
        }
        return new Acl(
                type,
                creation.resourceName(),
                pattern,
                creation.principal(),
                creation.host(),
                operation,
                creation.permissionType() == ALLOW);
    }

    CompletionStage<DeleteAclsResponse> delete(RequestContext context, DeleteAclsRequest request) {
        return CompletableFuture.supplyAsync(
                () ->
                        new DeleteAclsResponse(
                                0, request.filters().stream().map(this::delete).toList()),
                blocking);
    }

    private DeleteAclsFilterResult delete(DeleteAclsFilter asked) {
        if (acls.isEmpty()) {
            return new DeleteAclsFilterResult(ErrorCode.SECURITY_DISABLED.code(), OFF, List.of());
        }
        try {
            AclFilter filter =
                    filter(
                            asked.resourceTypeFilter(),
                            asked.resourceNameFilter(),
                            asked.patternTypeFilter(),
                            asked.principalFilter(),
                            asked.hostFilter(),
                            asked.operation(),
                            asked.permissionType());
            return new DeleteAclsFilterResult(
                    ErrorCode.NONE.code(),
                    null,
                    acls.get().remove(filter).stream().map(AclHandlers::removed).toList());
        } catch (IllegalArgumentException e) {
            return new DeleteAclsFilterResult(
                    ErrorCode.INVALID_REQUEST.code(), e.getMessage(), List.of());
        } catch (StorageException e) {
            return new DeleteAclsFilterResult(
                    ErrorCode.KAFKA_STORAGE_ERROR.code(), e.getMessage(), List.of());
        }
    }

    private static DeleteAclsMatchingAcl removed(Acl acl) {
        return new DeleteAclsMatchingAcl(
                ErrorCode.NONE.code(),
                null,
                acl.type().code(),
                acl.name(),
                acl.pattern().code(),
                acl.principal(),
                acl.host(),
                acl.operation().code(),
                acl.allows() ? ALLOW : DENY);
    }

    private static AclFilter filter(
            byte type,
            @Nullable String name,
            byte pattern,
            @Nullable String principal,
            @Nullable String host,
            byte operation,
            byte permission) {
        return new AclFilter(
                type == ANY
                        ? Optional.empty()
                        : Optional.of(
                                ResourceType.of(type)
                                        .orElseThrow(() -> unknown("resource type", type))),
                Optional.ofNullable(name),
                PatternType.of(pattern).orElseThrow(() -> unknown("pattern type", pattern)),
                Optional.ofNullable(principal),
                Optional.ofNullable(host),
                operation == ANY
                        ? Optional.empty()
                        : Optional.of(
                                Operation.of(operation)
                                        .orElseThrow(() -> unknown("operation", operation))),
                switch (permission) {
                    case ANY -> Optional.empty();
                    case DENY -> Optional.of(false);
                    case ALLOW -> Optional.of(true);
                    default -> throw unknown("permission type", permission);
                });
    }

    private static IllegalArgumentException unknown(String what, byte code) {
        return new IllegalArgumentException("There is no " + what + " " + code);
    }
}

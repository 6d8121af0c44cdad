package io.leat.broker.access;

import static io.leat.broker.access.Operation.ALTER;
import static io.leat.broker.access.Operation.DESCRIBE;

import io.leat.wire.ApiKey;
import io.leat.wire.message.AlterUserScramCredentialsRequest;
import io.leat.wire.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.leat.wire.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.leat.wire.message.AlterUserScramCredentialsResponse;
import io.leat.wire.message.AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult;
import io.leat.wire.message.CreateAclsRequest;
import io.leat.wire.message.CreateAclsResponse;
import io.leat.wire.message.CreateAclsResponse.AclCreationResult;
import io.leat.wire.message.DeleteAclsRequest;
import io.leat.wire.message.DeleteAclsResponse;
import io.leat.wire.message.DeleteAclsResponse.DeleteAclsFilterResult;
import io.leat.wire.message.DescribeAclsRequest;
import io.leat.wire.message.DescribeAclsResponse;
import io.leat.wire.message.DescribeUserScramCredentialsRequest;
import io.leat.wire.message.DescribeUserScramCredentialsResponse;
import io.leat.wire.message.SaslAuthenticateRequest;
import io.leat.wire.message.SaslAuthenticateResponse;
import io.leat.wire.message.SaslHandshakeRequest;
import io.leat.wire.message.SaslHandshakeResponse;
import java.util.List;
import java.util.stream.Stream;

/** The APIs of authentication, users and ACLs. */
final class SecurityRules {
    private static final short DENIED = ResourceType.CLUSTER.refusal().code();
    private static final String DENIED_TEXT = ResourceType.CLUSTER.refusal().message();

    private SecurityRules() {}

    static void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.SASL_HANDSHAKE,
                        SaslHandshakeRequest.class,
                        SaslHandshakeResponse.class,
                        ClusterRules::everybody)
                .add(
                        ApiKey.SASL_AUTHENTICATE,
                        SaslAuthenticateRequest.class,
                        SaslAuthenticateResponse.class,
                        ClusterRules::everybody)
                .add(
                        ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        DescribeUserScramCredentialsRequest.class,
                        DescribeUserScramCredentialsResponse.class,
                        SecurityRules::describeUsers)
                .add(
                        ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                        AlterUserScramCredentialsRequest.class,
                        AlterUserScramCredentialsResponse.class,
                        SecurityRules::alterUsers)
                .add(
                        ApiKey.DESCRIBE_ACLS,
                        DescribeAclsRequest.class,
                        DescribeAclsResponse.class,
                        SecurityRules::describeAcls)
                .add(
                        ApiKey.CREATE_ACLS,
                        CreateAclsRequest.class,
                        CreateAclsResponse.class,
                        SecurityRules::createAcls)
                .add(
                        ApiKey.DELETE_ACLS,
                        DeleteAclsRequest.class,
                        DeleteAclsResponse.class,
                        SecurityRules::deleteAcls);
    }

    private static Verdict<
                    DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>
            describeUsers(
                    Access access, short version, DescribeUserScramCredentialsRequest request) {
        return Verdict.all(
                access.mayOnCluster(DESCRIBE),
                request,
                new DescribeUserScramCredentialsResponse(0, DENIED, DENIED_TEXT, List.of()));
    }

    private static Verdict<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>
            alterUsers(Access access, short version, AlterUserScramCredentialsRequest request) {
        return Verdict.all(
                access.mayOnCluster(ALTER),
                request,
                new AlterUserScramCredentialsResponse(
                        0,
                        Stream.concat(
                                        request.deletions().stream()
                                                .map(ScramCredentialDeletion::name),
                                        request.upsertions().stream()
                                                .map(ScramCredentialUpsertion::name))
                                .distinct()
                                .map(user ->
                                        new AlterUserScramCredentialsResult(
                                                user, DENIED, DENIED_TEXT))
                                .toList()));
    }

    private static Verdict<DescribeAclsRequest, DescribeAclsResponse> describeAcls(
            Access access, short version, DescribeAclsRequest request) {
        return Verdict.all(
                access.mayOnCluster(DESCRIBE),
                request,
                new DescribeAclsResponse(0, DENIED, DENIED_TEXT, List.of()));
    }

    private static Verdict<CreateAclsRequest, CreateAclsResponse> createAcls(
            Access access, short version, CreateAclsRequest request) {
        return Verdict.all(
                access.mayOnCluster(ALTER),
                request,
                new CreateAclsResponse(
                        0,
                        request.creations().stream()
                                .map(each -> new AclCreationResult(DENIED, DENIED_TEXT))
                                .toList()));
    }

    private static Verdict<DeleteAclsRequest, DeleteAclsResponse> deleteAcls(
            Access access, short version, DeleteAclsRequest request) {
        return Verdict.all(
                access.mayOnCluster(ALTER),
                request,
                new DeleteAclsResponse(
                        0,
                        request.filters().stream()
                                .map(each ->
                                        new DeleteAclsFilterResult(DENIED, DENIED_TEXT, List.of()))
                                .toList()));
    }
}

package io.leat.broker.security;

import io.leat.broker.access.Acls;
import io.leat.broker.access.Authorizer;
import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.RequestRouter.BareMessages;
import io.leat.broker.api.Session;
import io.leat.broker.audit.Audit;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.Endpoint;
import io.leat.broker.config.SecurityKeys;
import io.leat.broker.config.SecurityProtocol;
import io.leat.broker.network.Listener;
import io.leat.broker.network.Tls;
import io.leat.broker.network.TlsSettings;
import io.leat.broker.sasl.OAuthBearer;
import io.leat.broker.sasl.Plain;
import io.leat.broker.sasl.SaslMechanism;
import io.leat.broker.sasl.Scram;
import io.leat.broker.sasl.ScramCredential;
import io.leat.broker.sasl.ScramUsers;
import io.leat.storage.api.StateStore;
import io.leat.wire.ApiKey;
import io.leat.wire.message.AlterUserScramCredentialsRequest;
import io.leat.wire.message.AlterUserScramCredentialsResponse;
import io.leat.wire.message.CreateAclsRequest;
import io.leat.wire.message.CreateAclsResponse;
import io.leat.wire.message.DeleteAclsRequest;
import io.leat.wire.message.DeleteAclsResponse;
import io.leat.wire.message.DescribeAclsRequest;
import io.leat.wire.message.DescribeAclsResponse;
import io.leat.wire.message.DescribeUserScramCredentialsRequest;
import io.leat.wire.message.DescribeUserScramCredentialsResponse;
import io.leat.wire.message.SaslAuthenticateRequest;
import io.leat.wire.message.SaslAuthenticateResponse;
import io.leat.wire.message.SaslHandshakeRequest;
import io.leat.wire.message.SaslHandshakeResponse;
import io.leat.wire.sasl.ScramMechanism;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is let in by which listener, and what they may do, as the configuration says. */
public final class Security {
    private static final Logger LOG = LoggerFactory.getLogger(Security.class);

    private final BrokerConfig config;
    private final ScramUsers users;
    private final Optional<Acls> acls;
    private final Optional<Audit> audit;
    private final Executor blocking;
    private final Authentication authentication;

    /**
     * Reads users and ACLs, and makes the users that the configuration names.
     *
     * @param blocking where passwords are checked and changes forced to the disk
     */
    public Security(
            BrokerConfig config, StateStore state, Optional<Audit> audit, Executor blocking) {
        this.config = config;
        this.audit = audit;
        this.blocking = blocking;
        this.users = new ScramUsers(state);
        this.acls =
                aclsCount(config)
                        ? Optional.of(
                                new Acls(
                                        state,
                                        superUsers(config),
                                        config.get(SecurityKeys.ALLOW_EVERYONE),
                                        (principal, host, operation, type, name) ->
                                                audit.ifPresent(to ->
                                                        to.denied(
                                                                principal, host, operation, type,
                                                                name))))
                        : Optional.empty();
        this.authentication =
                new Authentication(
                        blocking,
                        config.get(SecurityKeys.FAILED_AUTHENTICATION_DELAY_MS),
                        (connection, mechanism, user) ->
                                audit.ifPresent(to -> to.loginFailed(connection, mechanism, user)));
        bootstrapUsers();
        if (acls.isPresent() && acls.get().closed()) {
            LOG.warn(
                    "Nobody may do anything: there are no ACLs and no super.users. Stop, set"
                            + " super.users=User:NAME, and make that user: leat users create NAME"
                            + " --data-dir {}",
                    config.dataDirectory());
        }
    }

    /** Whether ACLs count: by decision, or since a listener asks its clients who they are. */
    public static boolean aclsCount(BrokerConfig config) {
        String authorizer = config.get(SecurityKeys.AUTHORIZER_CLASS_NAME);
        if (!authorizer.isEmpty()) {
            return !authorizer.equals("none");
        }
        return config.listeners().stream()
                .anyMatch(listener -> authenticates(config, listener.name()));
    }

    /** Whether the audit topic is kept: by decision, or where ACLs count. */
    public static boolean audited(BrokerConfig config) {
        return config.isSet(SecurityKeys.AUDIT_ENABLE)
                ? config.get(SecurityKeys.AUDIT_ENABLE)
                : aclsCount(config);
    }

    private static boolean authenticates(BrokerConfig config, String listener) {
        SecurityProtocol protocol = config.protocol(listener);
        return protocol.sasl()
                || (protocol.tls()
                        && config.get(SecurityKeys.CLIENT_AUTH, listener).equals("required"));
    }

    private static List<String> superUsers(BrokerConfig config) {
        return Arrays.stream(config.get(SecurityKeys.SUPER_USERS).split(";", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private void bootstrapUsers() {
        List<ScramUsers.Change> changes = new ArrayList<>();
        for (String user : config.get(SecurityKeys.BOOTSTRAP_USERS).split("[;\n]", -1)) {
            if (user.isBlank()) {
                continue;
            }
            int colon = user.indexOf(':');
            if (colon <= 0 || colon == user.length() - 1) {
                throw new ConfigException(
                        SecurityKeys.BOOTSTRAP_USERS.name() + " takes NAME:PASSWORD");
            }
            String name = user.substring(0, colon).strip();
            if (!users.all().containsKey(name)) {
                changes.addAll(credentials(name, user.substring(colon + 1)));
            }
        }
        if (!changes.isEmpty()) {
            users.change(changes);
            LOG.info(
                    "Made the users {}",
                    changes.stream().map(ScramUsers.Change::user).distinct().toList());
        }
    }

    /** A user's credentials for every hash. */
    public static List<ScramUsers.Change> credentials(String user, String password) {
        return Arrays.stream(ScramMechanism.values())
                .map(mechanism ->
                        new ScramUsers.Change(
                                user,
                                mechanism,
                                Optional.of(
                                        ScramCredential.ofPassword(
                                                mechanism,
                                                ScramMechanism.ITERATIONS_MIN,
                                                password))))
                .toList();
    }

    /**
     * What listens.
     *
     * @throws ConfigException when that would let in everybody from everywhere, or certificates
     *     cannot be used
     */
    public List<Listener> listeners() {
        config.listeners().forEach(this::refuseExposure);
        return config.listeners().stream().map(this::listener).toList();
    }

    private void refuseExposure(Endpoint endpoint) {
        if (config.get(SecurityKeys.INSECURE)
                || acls.isPresent()
                || authenticates(config, endpoint.name())
                || loopback(endpoint)) {
            return;
        }
        throw new ConfigException(
                ("Listener %s on %s would let everybody who reaches it read, change and erase"
                     + " everything; give it TLS or SASL (see README), listen on 127.0.0.1, or"
                     + " allow it with --insecure or leat.insecure=true")
                        .formatted(endpoint.name(), endpoint.address()));
    }

    /** Whether only this machine reaches an address. */
    public static boolean loopback(Endpoint endpoint) {
        if (endpoint.host().isEmpty()) {
            return false;
        }
        try {
            return InetAddress.getByName(endpoint.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true; // binding will say so
        }
    }

    private Listener listener(Endpoint endpoint) {
        String name = endpoint.name();
        SecurityProtocol protocol = config.protocol(name);
        if (protocol == SecurityProtocol.PLAINTEXT && acls.isEmpty()) {
            return Listener.open(endpoint);
        }
        if (protocol == SecurityProtocol.SASL_PLAINTEXT && !loopback(endpoint)) {
            LOG.warn("Listener {} is not encrypted: what clients send can be read", name);
        }
        return new Listener(
                endpoint,
                gate(name, protocol),
                protocol.tls()
                        ? Optional.of(new Tls(TlsSettings.of(config, name)))
                        : Optional.empty(),
                new PrincipalMapping(config.get(SecurityKeys.PRINCIPAL_MAPPING_RULES, name)),
                (connection, reason) ->
                        audit.ifPresent(to -> to.loginFailed(connection, "TLS", "")));
    }

    private Session.Gate gate(String listener, SecurityProtocol protocol) {
        List<SaslMechanism> mechanisms = protocol.sasl() ? mechanisms(listener) : List.of();
        Authorizer authorizer = acls.<Authorizer>map(each -> each).orElse(Authorizer.OPEN);
        long reauthentication = config.get(SecurityKeys.CONNECTIONS_MAX_REAUTH_MS, listener);
        return new Session.Gate() {
            @Override
            public List<SaslMechanism> mechanisms() {
                return mechanisms;
            }

            @Override
            public Authorizer authorizer() {
                return authorizer;
            }

            @Override
            public OptionalLong reauthenticationMillis() {
                return reauthentication == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(reauthentication);
            }
        };
    }

    private List<SaslMechanism> mechanisms(String listener) {
        List<SaslMechanism> mechanisms = new ArrayList<>();
        for (String name : config.get(SecurityKeys.SASL_ENABLED_MECHANISMS, listener)) {
            mechanisms.add(
                    switch (name) {
                        case "PLAIN" -> new Plain(users);
                        case "OAUTHBEARER" -> tokens(listener);
                        case "SCRAM-SHA-256" -> new Scram(ScramMechanism.SCRAM_SHA_256, users);
                        default -> new Scram(ScramMechanism.SCRAM_SHA_512, users);
                    });
        }
        if (mechanisms.isEmpty()) {
            throw new ConfigException(
                    "Listener " + listener + " speaks SASL, but sasl.enabled.mechanisms is empty");
        }
        return List.copyOf(mechanisms);
    }

    private SaslMechanism tokens(String listener) {
        String keys = config.get(SecurityKeys.JWKS_ENDPOINT_URL, listener);
        if (!keys.matches("(https?|file):.+")) {
            throw new ConfigException(
                    "OAUTHBEARER on listener %s needs %s, a URL (https:, http: or file:)"
                            .formatted(listener, SecurityKeys.JWKS_ENDPOINT_URL.name()));
        }
        return new OAuthBearer(
                new OAuthBearer.Expectations(
                        keys,
                        config.get(SecurityKeys.EXPECTED_AUDIENCE, listener),
                        config.get(SecurityKeys.EXPECTED_ISSUER, listener),
                        config.get(SecurityKeys.CLOCK_SKEW_SECONDS, listener),
                        config.get(SecurityKeys.SUB_CLAIM_NAME, listener)));
    }

    /** Answers SASL messages without requests around them. */
    public BareMessages bareMessages() {
        return authentication;
    }

    /** Every user with the mechanisms of its credentials. */
    public Map<String, Map<ScramMechanism, ScramCredential>> users() {
        return users.all();
    }

    /** Serves the APIs of authentication, users and ACLs. */
    public void register(ApiRegistry registry) {
        ScramHandlers scram = new ScramHandlers(users, blocking);
        AclHandlers access = new AclHandlers(acls, blocking);
        registry.add(
                        ApiKey.SASL_HANDSHAKE,
                        SaslHandshakeRequest.class,
                        SaslHandshakeResponse.class,
                        new SaslHandshakeHandler())
                .add(
                        ApiKey.SASL_AUTHENTICATE,
                        SaslAuthenticateRequest.class,
                        SaslAuthenticateResponse.class,
                        authentication)
                .add(
                        ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        DescribeUserScramCredentialsRequest.class,
                        DescribeUserScramCredentialsResponse.class,
                        scram::describe)
                .add(
                        ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                        AlterUserScramCredentialsRequest.class,
                        AlterUserScramCredentialsResponse.class,
                        scram::alter)
                .add(
                        ApiKey.DESCRIBE_ACLS,
                        DescribeAclsRequest.class,
                        DescribeAclsResponse.class,
                        access::describe)
                .add(
                        ApiKey.CREATE_ACLS,
                        CreateAclsRequest.class,
                        CreateAclsResponse.class,
                        access::create)
                .add(
                        ApiKey.DELETE_ACLS,
                        DeleteAclsRequest.class,
                        DeleteAclsResponse.class,
                        access::delete);
    }
}

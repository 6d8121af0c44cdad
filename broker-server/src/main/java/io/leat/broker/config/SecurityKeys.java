package io.leat.broker.config;

import static io.leat.broker.config.ConfigKey.bool;
import static io.leat.broker.config.ConfigKey.choice;
import static io.leat.broker.config.ConfigKey.integer;
import static io.leat.broker.config.ConfigKey.list;
import static io.leat.broker.config.ConfigKey.longInteger;
import static io.leat.broker.config.ConfigKey.secret;
import static io.leat.broker.config.ConfigKey.string;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys of listeners' security, of users and of ACLs. Those of the first kind may also be given
 * for one listener, as {@code listener.name.NAME.KEY}.
 */
public final class SecurityKeys {
    private static final List<ConfigKey<?>> ALL = new ArrayList<>();
    private static final List<ConfigKey<?>> OF_LISTENERS = new ArrayList<>();
    private static final List<String> STORE_TYPES = List.of("JKS", "PKCS12", "PEM");

    public static final ConfigKey<List<String>> LISTENER_SECURITY_PROTOCOL_MAP =
            add(
                    list(
                            "listener.security.protocol.map",
                            List.of(),
                            SecurityKeys::readMapping,
                            "NAME:PROTOCOL,...",
                            "How listeners speak, by name. A listener that is named like a protocol"
                                    + " speaks it."));

    public static final ConfigKey<Boolean> INSECURE =
            add(
                    bool(
                            "leat.insecure",
                            false,
                            "Whether to listen beyond this machine without knowing who the clients"
                                    + " are; also --insecure."));

    public static final ConfigKey<String> KEYSTORE_TYPE =
            ofListener(
                    choice(
                            "ssl.keystore.type",
                            "JKS",
                            STORE_TYPES,
                            "The format of the broker's key and certificates."));

    public static final ConfigKey<String> KEYSTORE_LOCATION =
            ofListener(
                    string(
                            "ssl.keystore.location",
                            "",
                            "The file with the broker's key and certificates. It is read again when"
                                    + " it changes."));

    public static final ConfigKey<String> KEYSTORE_PASSWORD =
            ofListener(secret("ssl.keystore.password", "Opens the key store."));

    public static final ConfigKey<String> KEY_PASSWORD =
            ofListener(secret("ssl.key.password", "Opens the key in the key store."));

    public static final ConfigKey<String> KEYSTORE_CERTIFICATE_CHAIN =
            ofListener(
                    string(
                            "ssl.keystore.certificate.chain",
                            "",
                            "The broker's certificates as PEM text, its own first."));

    public static final ConfigKey<String> KEYSTORE_KEY =
            ofListener(secret("ssl.keystore.key", "The broker's key as PEM text, PKCS #8."));

    public static final ConfigKey<String> TRUSTSTORE_TYPE =
            ofListener(
                    choice(
                            "ssl.truststore.type",
                            "JKS",
                            STORE_TYPES,
                            "The format of the certificates that clients' are checked with."));

    public static final ConfigKey<String> TRUSTSTORE_LOCATION =
            ofListener(
                    string(
                            "ssl.truststore.location",
                            "",
                            "The file with the certificates that clients' are checked with. It is"
                                    + " read again when it changes."));

    public static final ConfigKey<String> TRUSTSTORE_PASSWORD =
            ofListener(secret("ssl.truststore.password", "Opens the trust store."));

    public static final ConfigKey<String> TRUSTSTORE_CERTIFICATES =
            ofListener(
                    string(
                            "ssl.truststore.certificates",
                            "",
                            "The certificates that clients' are checked with, as PEM text."));

    public static final ConfigKey<String> CLIENT_AUTH =
            ofListener(
                    choice(
                            "ssl.client.auth",
                            "none",
                            List.of("none", "requested", "required"),
                            "Whether clients show a certificate, which says who they are."));

    public static final ConfigKey<String> PRINCIPAL_MAPPING_RULES =
            ofListener(
                    string(
                            "ssl.principal.mapping.rules",
                            "DEFAULT",
                            "How a certificate's distinguished name becomes a user: RULE:PATTERN/"
                                    + "REPLACEMENT/[L|U] or DEFAULT, the first that fits."));

    public static final ConfigKey<List<String>> ENABLED_PROTOCOLS =
            ofListener(
                    list(
                            "ssl.enabled.protocols",
                            List.of("TLSv1.3", "TLSv1.2"),
                            SecurityKeys::readTlsVersion,
                            "TLSv1.3, TLSv1.2",
                            "The versions of TLS that are spoken."));

    public static final ConfigKey<List<String>> CIPHER_SUITES =
            ofListener(
                    list(
                            "ssl.cipher.suites",
                            List.of(),
                            text -> text,
                            "",
                            "The cipher suites on offer; empty for those of the library."));

    public static final ConfigKey<List<String>> SASL_ENABLED_MECHANISMS =
            ofListener(
                    list(
                            "sasl.enabled.mechanisms",
                            List.of("SCRAM-SHA-256", "SCRAM-SHA-512"),
                            SecurityKeys::readMechanism,
                            "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER",
                            "How clients may authenticate."));

    public static final ConfigKey<Long> CONNECTIONS_MAX_REAUTH_MS =
            ofListener(
                    longInteger(
                            "connections.max.reauth.ms",
                            0,
                            0,
                            "After how long clients must authenticate anew; 0 for never."));

    public static final ConfigKey<String> JWKS_ENDPOINT_URL =
            ofListener(
                    string(
                            "sasl.oauthbearer.jwks.endpoint.url",
                            "",
                            "Where the keys are that tokens are signed with: https:, or file:."));

    public static final ConfigKey<List<String>> EXPECTED_AUDIENCE =
            ofListener(
                    list(
                            "sasl.oauthbearer.expected.audience",
                            List.of(),
                            text -> text,
                            "",
                            "Whom tokens must be meant for, one of these."));

    public static final ConfigKey<String> EXPECTED_ISSUER =
            ofListener(
                    string("sasl.oauthbearer.expected.issuer", "", "Who must have issued tokens."));

    public static final ConfigKey<Integer> CLOCK_SKEW_SECONDS =
            ofListener(
                    integer(
                            "sasl.oauthbearer.clock.skew.seconds",
                            30,
                            0,
                            3_600,
                            "How far the issuer's clock may be off."));

    public static final ConfigKey<String> SUB_CLAIM_NAME =
            ofListener(
                    string(
                            "sasl.oauthbearer.sub.claim.name",
                            "sub",
                            "The claim that names the user."));

    public static final ConfigKey<Integer> FAILED_AUTHENTICATION_DELAY_MS =
            add(
                    integer(
                            "connection.failed.authentication.delay.ms",
                            100,
                            0,
                            60_000,
                            "How long a client waits to be told that it failed to authenticate."));

    public static final ConfigKey<Integer> AUTHENTICATION_TIMEOUT_MS =
            add(
                    integer(
                            "leat.authentication.timeout.ms",
                            30_000,
                            100,
                            600_000,
                            "How long a client may take to authenticate, TLS included."));

    public static final ConfigKey<Integer> SSL_RELOAD_INTERVAL_MS =
            add(
                    integer(
                            "leat.ssl.reload.interval.ms",
                            10_000,
                            10,
                            3_600_000,
                            "How often key and trust stores are looked at for changes."));

    public static final ConfigKey<String> AUTHORIZER_CLASS_NAME =
            add(
                    string(
                            "authorizer.class.name",
                            "",
                            "Whether ACLs count: none, or any name for yes. Without it they do"
                                    + " where a listener authenticates its clients."));

    public static final ConfigKey<String> SUPER_USERS =
            add(
                    string(
                            "super.users",
                            "",
                            "Principals that may do everything, divided by semicolons, such as"
                                    + " User:admin."));

    public static final ConfigKey<Boolean> ALLOW_EVERYONE =
            add(
                    bool(
                            "allow.everyone.if.no.acl.found",
                            false,
                            "Whether everybody may do everything to what no ACL is about."));

    public static final ConfigKey<String> BOOTSTRAP_USERS =
            add(
                    secret(
                            "leat.bootstrap.users",
                            "Users to make at start where they are not there yet: NAME:PASSWORD,"
                                    + " divided by semicolons. Best as ${file:...} or"
                                    + " ${env:...}."));

    public static final ConfigKey<Boolean> AUDIT_ENABLE =
            add(
                    bool(
                            "leat.audit.enable",
                            false,
                            "Whether the topic __leat_audit is kept: changes by administrators,"
                                    + " denials and failed log-ins. Without it, it is where ACLs"
                                    + " count."));

    private SecurityKeys() {}

    static List<ConfigKey<?>> all() {
        return ALL;
    }

    /** Those that may be given for one listener. */
    static List<ConfigKey<?>> ofListeners() {
        return OF_LISTENERS;
    }

    private static <T> ConfigKey<T> add(ConfigKey<T> key) {
        ALL.add(key);
        return key;
    }

    private static <T> ConfigKey<T> ofListener(ConfigKey<T> key) {
        OF_LISTENERS.add(key);
        return add(key);
    }

    private static String readMapping(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || SecurityProtocol.named(text.substring(colon + 1)).isEmpty()) {
            throw new IllegalArgumentException(
                    "expected NAME:PROTOCOL with a protocol of " + SecurityProtocol.names());
        }
        return text;
    }

    private static String readTlsVersion(String text) {
        return oneOf(text, List.of("TLSv1.3", "TLSv1.2"));
    }

    private static String readMechanism(String text) {
        return oneOf(text, List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"));
    }

    private static String oneOf(String text, List<String> choices) {
        if (!choices.contains(text)) {
            throw new IllegalArgumentException("expected some of " + String.join(", ", choices));
        }
        return text;
    }
}

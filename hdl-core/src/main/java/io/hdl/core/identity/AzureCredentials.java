package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Identities that Azure's services accept, over Microsoft's azure-identity. None is asked for a
 * token before the first one is needed, and each has one {@link TokenSource#cached() cache}.
 *
 * <pre>{@code
 * AzureCredentials.fromEnvironment()          // what the environment shows; description() says which and why
 * AzureCredentials.arc()                      // a machine of one's own that is connected to Azure Arc
 * AzureCredentials.managedIdentity()          // a virtual machine, container or app in Azure
 * }</pre>
 *
 * <p>Asked twice for the same identity, each method but those that take a secret or a certificate
 * gives the same source.
 *
 * <p>A sign-in that fails says whose it was, what refused it and what to do: {@code
 * UNAUTHENTICATED} if the identity is refused or absent, {@code UNAVAILABLE} if its issuer does not
 * answer within 4 tries and some 30 s. Tokens are never kept on disk.
 */
public final class AzureCredentials {
  private static final String BY_NAME = "chosen by name";

  /** One source, so one cache, for each identity that is told by its name alone. */
  private static final ConcurrentHashMap<String, TokenSource> NAMED = new ConcurrentHashMap<>();

  private AzureCredentials() {}

  /**
   * The identity that the environment shows, the first of these:
   *
   * <ol>
   *   <li>workload identity: {@code AZURE_FEDERATED_TOKEN_FILE}, {@code AZURE_TENANT_ID} and {@code
   *       AZURE_CLIENT_ID} are set;
   *   <li>a client secret or certificate: {@code AZURE_TENANT_ID}, {@code AZURE_CLIENT_ID} and
   *       {@code AZURE_CLIENT_SECRET} (the secret or a {@code secret://} reference) or {@code
   *       AZURE_CLIENT_CERTIFICATE_PATH} are set;
   *   <li>the identity of the machine: Azure Arc ({@code IDENTITY_ENDPOINT} and {@code
   *       IMDS_ENDPOINT} are set), App Service and the like, or an Azure VM, told by its asset tag;
   *       {@code AZURE_CLIENT_ID} names a user-assigned one, but not with Arc;
   *   <li>the user who is signed in to the Azure CLI, if {@code az} is on the {@code PATH}.
   * </ol>
   *
   * <p>{@code AZURE_TOKEN_CREDENTIALS} narrows it as for Microsoft's libraries: {@code prod} leaves
   * out the CLI, {@code dev} leaves nothing else, and {@code WorkloadIdentityCredential}, {@code
   * EnvironmentCredential}, {@code ManagedIdentityCredential} and {@code AzureCliCredential} name
   * one. Nothing is probed over the network; the environment is looked at when the first token or
   * the description is asked for. If the environment shows no identity, the first call for a token
   * says what was looked for. Every call gives the same source, so the same cache.
   */
  public static TokenSource fromEnvironment() {
    return shared("", () -> from(System.getenv()));
  }

  /** The same from given variables. */
  static TokenSource from(Map<String, String> environment) {
    TokenSource picked =
        new AzureChoice(environment, Path.of("/"), AzureIdentities.of(environment)).pick();
    LoggerFactory.getLogger(AzureCredentials.class)
        .info("Azure identity: {}", picked.description());
    return picked;
  }

  /** What the platform lends this process, as a VM or App Service does; system-assigned. */
  public static TokenSource managedIdentity() {
    return shared("managed", () -> system().managedIdentity(Optional.empty(), BY_NAME));
  }

  /**
   * A user-assigned identity that the platform lends this process.
   *
   * @param clientId the identity's client id
   */
  public static TokenSource managedIdentity(String clientId) {
    Optional<String> id = Optional.of(named("clientId", clientId));
    return shared("managed " + id.get(), () -> system().managedIdentity(id, BY_NAME));
  }

  /** The identity of this machine, of one's own but connected to Azure Arc. */
  public static TokenSource arc() {
    return shared("arc", () -> system().arc(BY_NAME));
  }

  /**
   * Workload identity: the token in the file {@code AZURE_FEDERATED_TOKEN_FILE}, read anew for each
   * sign-in, stands for {@code AZURE_CLIENT_ID} in {@code AZURE_TENANT_ID}.
   */
  public static TokenSource workloadIdentity() {
    return shared("workload", () -> system().workloadIdentity(BY_NAME));
  }

  /**
   * An application with a client secret.
   *
   * @param tenant the tenant's id or domain
   * @param client the application's client id
   * @param secret revealed at each sign-in
   */
  public static TokenSource clientSecret(String tenant, String client, Secret secret) {
    String inTenant = named("tenant", tenant);
    String application = named("client", client);
    return new LateTokens(() -> system().clientSecret(inTenant, application, secret, BY_NAME));
  }

  /**
   * An application with a certificate.
   *
   * @param tenant the tenant's id or domain
   * @param client the application's client id
   * @param certificate a file with certificate and private key, PEM or PKCS #12 without password;
   *     read at each sign-in
   */
  public static TokenSource clientCertificate(String tenant, String client, Path certificate) {
    return certificate(tenant, client, certificate, Optional.empty());
  }

  /** The same as {@link #clientCertificate(String, String, Path)} with the file's password. */
  public static TokenSource clientCertificate(
      String tenant, String client, Path certificate, Secret password) {
    return certificate(tenant, client, certificate, Optional.of(password));
  }

  private static TokenSource certificate(
      String tenant, String client, Path file, Optional<Secret> password) {
    String inTenant = named("tenant", tenant);
    String application = named("client", client);
    Path absolute = file.toAbsolutePath();
    return new LateTokens(
        () -> system().clientCertificate(inTenant, application, absolute, password, BY_NAME));
  }

  /** The user who is signed in to the Azure CLI. */
  public static TokenSource azureCli() {
    return shared("cli", () -> system().azureCli(BY_NAME));
  }

  private static TokenSource shared(String name, Supplier<TokenSource> make) {
    return NAMED.computeIfAbsent(name, unmade -> new LateTokens(make));
  }

  private static AzureIdentities system() {
    return AzureIdentities.of(System.getenv());
  }

  private static String named(String argument, String value) {
    if (value.isBlank()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, argument + ": blank (expected: an id of Azure)");
    }
    return value.strip();
  }
}

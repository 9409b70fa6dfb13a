package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AzureCredentials;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.Secrets;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.retry.RetryPolicy;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the lake is reached: with which credential, through which endpoint and mounts, and how often
 * and how long it is tried.
 *
 * <pre>{@code
 * LakeAccess access = LakeAccess.fromEnvironment()
 *     .credential(AzureCredentials.managedIdentity())
 *     .mounts(StorageMounts.none().map("abfss://raw@contoso.dfs.core.windows.net", mount))
 *     .retry(RetryPolicy.builder().deadline(Duration.ofMinutes(5)).build());
 * }</pre>
 *
 * <p>Without a call of {@code credential} or {@code accountKey} the credential is the one that
 * {@link AzureCredentials#fromEnvironment()} finds; it is looked for when the lake is first asked.
 * Immutable and thread-safe.
 */
public final class LakeAccess {
  /** Names an endpoint other than the accounts' own: that of an emulator. */
  public static final String ENDPOINT = "HDL_ABFS_ENDPOINT";

  /**
   * Holds the key of the account behind {@link #ENDPOINT}, or a reference {@code secret://...} to
   * it.
   */
  public static final String ACCOUNT_KEY = "HDL_ABFS_ACCOUNT_KEY";

  /** One for all, so that those who change nothing share their clients. */
  private static final RetryPolicy RETRY = RetryPolicy.defaults();

  private final Optional<URI> endpoint;
  private final @Nullable LakeCredential credential;
  private final StorageMounts mounts;
  private final RetryPolicy retry;
  private final Duration idleTimeout;

  private LakeAccess(
      Optional<URI> endpoint,
      @Nullable LakeCredential credential,
      StorageMounts mounts,
      RetryPolicy retry,
      Duration idleTimeout) {
    this.endpoint = endpoint;
    this.credential = credential;
    this.mounts = mounts;
    this.retry = retry;
    this.idleTimeout = idleTimeout;
  }

  /**
   * Access as this process's environment shows it: {@link #ENDPOINT} and {@link #ACCOUNT_KEY}, else
   * the accounts' own endpoints with the identity that is found there.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the endpoint is no address of a
   *     server, or if a key is set without one
   */
  public static LakeAccess fromEnvironment() {
    return from(System.getenv());
  }

  static LakeAccess from(Map<String, String> environment) {
    LakeAccess access =
        new LakeAccess(Optional.empty(), null, StorageMounts.none(), RETRY, Duration.ofSeconds(30));
    String address = environment.getOrDefault(ENDPOINT, "").strip();
    String key = environment.getOrDefault(ACCOUNT_KEY, "").strip();
    if (address.isEmpty()) {
      if (!key.isEmpty()) {
        throw new HdlException(
            ErrorCode.INVALID_SETTINGS,
            ACCOUNT_KEY
                + ": set without "
                + ENDPOINT
                + " (expected: both, for an emulator; the lake itself is asked with an identity)."
                + " Unset it.");
      }
      return access;
    }
    try {
      access = access.endpoint(new URI(address));
    } catch (URISyntaxException e) {
      throw endpointFailure(address);
    }
    return key.isEmpty()
        ? access
        : access.credential(
            new LakeCredential.AccountKey(Secrets.from(environment).of(key), ACCOUNT_KEY + key));
  }

  /** With tokens from this source. */
  public LakeAccess credential(TokenSource tokens) {
    return credential(new LakeCredential.Tokens(tokens));
  }

  /** With the key of the storage account: a static secret, meant for emulators. */
  public LakeAccess accountKey(Secret key) {
    return credential(new LakeCredential.AccountKey(key, key));
  }

  private LakeAccess credential(LakeCredential value) {
    return new LakeAccess(endpoint, value, mounts, retry, idleTimeout);
  }

  /**
   * Through another endpoint than the accounts' own; the account becomes the first name of the
   * path, as Azurite has it.
   *
   * @param server scheme, host and port, such as {@code http://127.0.0.1:10000}
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if it is something else, or plain
   *     HTTP to another machine
   */
  public LakeAccess endpoint(URI server) {
    String scheme = String.valueOf(server.getScheme());
    String host = server.getHost();
    String path = server.getPath() == null ? "" : server.getPath();
    boolean http = scheme.equals("http") || scheme.equals("https");
    if (!http
        || host == null
        || !(path.isEmpty() || path.equals("/"))
        || server.getQuery() != null
        || server.getUserInfo() != null) {
      throw endpointFailure(server.getScheme() + "://" + host + path);
    }
    boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    if (scheme.equals("http") && !loopback) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          ENDPOINT
              + ": http://"
              + host
              + " (expected: https, except on this machine: tokens and data would be readable on"
              + " the way)");
    }
    String port = server.getPort() < 0 ? "" : ":" + server.getPort();
    return new LakeAccess(
        Optional.of(URI.create(scheme + "://" + host + port)),
        credential,
        mounts,
        retry,
        idleTimeout);
  }

  /** Through an emulator, with its account's key. */
  public LakeAccess emulator(URI server, Secret key) {
    return endpoint(server).accountKey(key);
  }

  /** With these parts of the lake read from mounts. */
  public LakeAccess mounts(StorageMounts value) {
    return new LakeAccess(endpoint, credential, value, retry, idleTimeout);
  }

  /** With this many tries in this time, for each operation; default: the policy's own. */
  public LakeAccess retry(RetryPolicy value) {
    return new LakeAccess(endpoint, credential, mounts, value, idleTimeout);
  }

  /** The longest that the service may stay silent within one try; default 30 s. */
  public LakeAccess idleTimeout(Duration value) {
    if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "idleTimeout: " + value + " (expected: 1 ms to 24 days)");
    }
    return new LakeAccess(endpoint, credential, mounts, retry, value);
  }

  /** The mounts. */
  public StorageMounts mounts() {
    return mounts;
  }

  /** How often and how long an operation is tried. */
  public RetryPolicy retry() {
    return retry;
  }

  /** The longest that the service may stay silent within one try. */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /** The endpoint that replaces the accounts' own, if one was given. */
  public Optional<URI> endpoint() {
    return endpoint;
  }

  /** Who asks the lake, for people; looks in the environment if nobody was named. No secret. */
  public String identity() {
    return credential().description();
  }

  /** The credential; looks for one in the environment if none was given. */
  LakeCredential credential() {
    return credential != null
        ? credential
        : new LakeCredential.Tokens(AzureCredentials.fromEnvironment());
  }

  /** Endpoint, mounts and who asks; no secret. */
  @Override
  public String toString() {
    return "LakeAccess[endpoint="
        + endpoint.map(URI::toString).orElse("the account's own")
        + ", credential="
        + (credential == null ? "as the environment shows" : credential.description())
        + ", "
        + mounts
        + "]";
  }

  private static HdlException endpointFailure(String address) {
    return new HdlException(
        ErrorCode.INVALID_SETTINGS,
        ENDPOINT
            + ": \""
            + address
            + "\" (expected: scheme, host and port, such as http://127.0.0.1:10000)");
  }
}

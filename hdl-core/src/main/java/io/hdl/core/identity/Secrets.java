package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Resolves references such as {@code secret://mlflow-token} to {@link Secret}s, so that settings
 * name secrets instead of holding them. Resolving asks nobody: a secret is fetched at its first
 * use, held for a limited time and then forgotten.
 *
 * <pre>{@code
 * Secrets secrets = Secrets.of(SecretProvider.files(Path.of("/run/secrets")));
 * Secret token = secrets.resolve("secret://mlflow-token");
 * }</pre>
 *
 * <p>Providers are asked in order; the first that has the name serves it. One that fails is not
 * passed over: the next might hold an old value. Immutable and thread-safe.
 */
public final class Secrets {
  /** What a reference begins with. */
  public static final String SCHEME = "secret://";

  private static final Duration HELD = Duration.ofMinutes(5);
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*(#[A-Za-z0-9._-]+)?");

  private final List<SecretProvider> providers;
  private final Duration held;
  private final Secret.Timer timer;

  private Secrets(List<SecretProvider> providers, Duration held, Secret.Timer timer) {
    this.providers = List.copyOf(providers);
    this.held = held;
    this.timer = timer;
  }

  /** Secrets from these providers, asked in this order. */
  public static Secrets of(SecretProvider... providers) {
    return new Secrets(List.of(providers), HELD, Secret.Timer.system());
  }

  /**
   * Secrets from where the environment says: variables {@code HDL_SECRET_...}; files in {@code
   * HDL_SECRETS_DIR}, else in {@code /run/secrets} if that is there; the key vault at {@code
   * HDL_KEY_VAULT} with {@link AzureCredentials#fromEnvironment}; HashiCorp Vault at {@code
   * VAULT_ADDR} with {@code VAULT_TOKEN} or the file {@code ~/.vault-token}, its mount in {@code
   * HDL_VAULT_MOUNT} ({@code secret} by default), its namespace in {@code VAULT_NAMESPACE}.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if an address is malformed
   */
  public static Secrets fromEnvironment() {
    return from(System.getenv());
  }

  /** The same from given variables. */
  public static Secrets from(Map<String, String> environment) {
    List<SecretProvider> providers = withoutAzure(environment);
    value(environment, "HDL_KEY_VAULT")
        .ifPresent(
            vault ->
                providers.add(
                    SecretProvider.keyVault(
                        address("HDL_KEY_VAULT", vault), AzureCredentials.fromEnvironment())));
    return new Secrets(providers, HELD, Secret.Timer.system());
  }

  /** What a secret of Azure's own sign-in may come from: not from a vault that asks for it. */
  static Secrets forSignIn(Map<String, String> environment) {
    return new Secrets(withoutAzure(environment), HELD, Secret.Timer.system());
  }

  private static List<SecretProvider> withoutAzure(Map<String, String> environment) {
    List<SecretProvider> providers = new ArrayList<>();
    providers.add(SecretProvider.environment(environment));
    Optional<String> folder = value(environment, "HDL_SECRETS_DIR");
    Path mounted = Path.of("/run/secrets");
    if (folder.isPresent()) {
      providers.add(SecretProvider.files(Path.of(folder.get())));
    } else if (Files.isDirectory(mounted)) {
      providers.add(SecretProvider.files(mounted));
    }
    value(environment, "VAULT_ADDR")
        .ifPresent(
            vault ->
                providers.add(
                    HashicorpVault.at(
                        address("VAULT_ADDR", vault),
                        value(environment, "HDL_VAULT_MOUNT").orElse("secret"),
                        value(environment, "VAULT_NAMESPACE"),
                        VaultLogin.fromEnvironment(environment))));
    return providers;
  }

  /** How long a value is held in memory after it was fetched; 5 minutes by default. */
  public Secrets heldFor(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "heldFor: " + duration + " (expected: > 0)");
    }
    return new Secrets(providers, duration, timer);
  }

  /** The same with another timer. */
  Secrets timer(Secret.Timer other) {
    return new Secrets(providers, held, other);
  }

  /** Whether a setting's value is a reference to a secret. */
  public static boolean isReference(String value) {
    return value.startsWith(SCHEME);
  }

  /**
   * The secret behind a reference; it is looked for when it is first revealed.
   *
   * @param reference {@code secret://} and a name
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is no such reference
   */
  public Secret resolve(String reference) {
    if (!isReference(reference)) {
      // Not shown: it may be the secret itself.
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "secret reference: a text without " + SCHEME + " (expected: " + SCHEME + "<name>)");
    }
    String name = reference.substring(SCHEME.length());
    if (!NAME.matcher(name).matches()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "secret reference: "
              + reference
              + " (expected: "
              + SCHEME
              + "<name>, a name of letters, digits, \".\", \"_\", \"-\" and \"/\", and for HashiCorp"
              + " Vault \"#<field>\")");
    }
    return Secret.late(reference, () -> find(name), held, timer);
  }

  /** The secret that a setting refers to, or the one that it holds. */
  public Secret of(String referenceOrValue) {
    return isReference(referenceOrValue) ? resolve(referenceOrValue) : Secret.of(referenceOrValue);
  }

  private String find(String name) {
    for (SecretProvider provider : providers) {
      Optional<String> found = provider.find(name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new HdlException(
        ErrorCode.NOT_FOUND,
        "Cannot find the secret \""
            + name
            + "\" (asked: "
            + (providers.isEmpty()
                ? "nobody"
                : String.join(", ", providers.stream().map(SecretProvider::description).toList()))
            + "). Put it there, or change the reference "
            + SCHEME
            + name
            + ".");
  }

  private static URI address(String variable, String value) {
    try {
      return URI.create(value.strip());
    } catch (IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          variable + ": " + Redaction.text(value) + " (expected: an address such as https://host)",
          e);
    }
  }

  static Optional<String> value(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(value);
  }
}

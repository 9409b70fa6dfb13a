package io.hdl.core.identity;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A place where secrets are kept. Thread-safe. */
public interface SecretProvider {
  /**
   * The value of a secret as it is now, empty if it has none of this name.
   *
   * @throws io.hdl.core.error.HdlException with {@code UNAVAILABLE} if the place does not answer,
   *     {@code UNAUTHENTICATED} or {@code PERMISSION_DENIED} if it refuses
   */
  Optional<String> find(String name);

  /** The place, for messages; holds no secret. */
  String description();

  /**
   * Environment variables: {@code mlflow-token} is {@code HDL_SECRET_MLFLOW_TOKEN}, in capitals,
   * with {@code _} in place of everything but letters and digits.
   */
  static SecretProvider environment() {
    return new EnvironmentSecrets(System.getenv());
  }

  /** The same as {@link #environment()} from given variables. */
  static SecretProvider environment(Map<String, String> variables) {
    return new EnvironmentSecrets(variables);
  }

  /**
   * Files below a folder, as Docker and Kubernetes mount them: the secret {@code mlflow-token} is
   * the content of the file of this name, less the end of its last line.
   */
  static SecretProvider files(Path folder) {
    return new FileSecrets(folder);
  }

  /**
   * A key vault of Azure. The identity needs the role Key Vault Secrets User there.
   *
   * @param vault its address, as {@code https://contoso.vault.azure.net}
   */
  static SecretProvider keyVault(URI vault, TokenSource identity) {
    return KeyVaultSecrets.at(vault, identity);
  }

  /**
   * A key-value engine, version 2, of HashiCorp Vault at the mount {@code secret}. The secret
   * {@code team/mlflow#token} is the field {@code token} of the entry {@code team/mlflow}; without
   * a {@code #} it is the field {@code value}.
   *
   * @param vault its address, as {@code https://vault.example.com:8200}
   */
  static SecretProvider hashicorpVault(URI vault, VaultLogin login) {
    return hashicorpVault(vault, "secret", login);
  }

  /** The same as {@link #hashicorpVault(URI, VaultLogin)} at another mount. */
  static SecretProvider hashicorpVault(URI vault, String mount, VaultLogin login) {
    return HashicorpVault.at(vault, mount, Optional.empty(), login);
  }
}

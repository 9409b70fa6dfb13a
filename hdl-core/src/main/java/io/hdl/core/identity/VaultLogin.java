package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How to sign in to HashiCorp Vault. Immutable and thread-safe; shows no secret. */
public sealed interface VaultLogin {
  /** A token of Vault's own. */
  static VaultLogin token(Secret token) {
    return new Token(token);
  }

  /**
   * An application role: {@code POST auth/approle/login}.
   *
   * @param roleId the role's id
   * @param secretId the secret that goes with it
   */
  static VaultLogin appRole(String roleId, Secret secretId) {
    return new AppRole(roleId, secretId);
  }

  /**
   * The identity's own token, which Vault checks with its issuer: {@code POST auth/jwt/login}.
   * Needs no static secret.
   *
   * @param role the role that Vault's administrator made for it
   * @param identity whose token it is
   * @param scope what the token is for; the role's {@code bound_audiences} name it
   */
  static VaultLogin jwt(String role, TokenSource identity, String scope) {
    return new Jwt(role, identity, scope);
  }

  /** {@code VAULT_TOKEN}, else the file {@code ~/.vault-token} as it is when it is needed. */
  static VaultLogin fromEnvironment(Map<String, String> environment) {
    Optional<String> token = Secrets.value(environment, "VAULT_TOKEN");
    if (token.isPresent()) {
      return token(Secret.of(token.get().strip()));
    }
    Path home = Path.of(Secrets.value(environment, "HOME").orElse(System.getProperty("user.home")));
    return token(
        Secret.late(
            "~/.vault-token",
            () ->
                new FileSecrets(home)
                    .find(".vault-token")
                    .orElseThrow(
                        () ->
                            new HdlException(
                                ErrorCode.UNAUTHENTICATED,
                                "Cannot sign in to HashiCorp Vault: VAULT_TOKEN is not set and "
                                    + home.resolve(".vault-token")
                                    + " is not there. Run vault login, or set VAULT_TOKEN.")),
            Duration.ofMinutes(5),
            Secret.Timer.system()));
  }

  /**
   * A token of Vault's own.
   *
   * @param token the secret
   */
  record Token(Secret token) implements VaultLogin {}

  /**
   * An application role.
   *
   * @param roleId the role's id
   * @param secretId the secret that goes with it
   */
  record AppRole(String roleId, Secret secretId) implements VaultLogin {}

  /**
   * The token of an identity.
   *
   * @param role the role that Vault's administrator made for it
   * @param identity whose token it is
   * @param scope what the token is for
   */
  record Jwt(String role, TokenSource identity, String scope) implements VaultLogin {}
}

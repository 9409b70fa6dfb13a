package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets in a key-value engine, version 2, of HashiCorp Vault (its HTTP API: {@code GET
 * /v1/<mount>/data/<path>}). Thread-safe.
 */
final class HashicorpVault implements SecretProvider {
  private final URI vault;
  private final String mount;
  private final Map<String, String> headers;
  private final VaultLogin login;
  private final RetryPolicy retry;
  private Optional<Session> session = Optional.empty();

  /** What a login gave. */
  private record Session(String token, Instant until) {}

  private HashicorpVault(
      URI vault, String mount, Map<String, String> headers, VaultLogin login, RetryPolicy retry) {
    this.vault = vault;
    this.mount = mount;
    this.headers = headers;
    this.login = login;
    this.retry = retry;
  }

  static HashicorpVault at(URI vault, String mount, Optional<String> namespace, VaultLogin login) {
    boolean web = "https".equals(vault.getScheme()) || "http".equals(vault.getScheme());
    if (!web || vault.getHost() == null) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "vault: "
              + Redaction.text(vault.toString())
              + " (expected: an address such as https://vault.example.com:8200)");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Vault-Request", "true");
    namespace.ifPresent(name -> headers.put("X-Vault-Namespace", name));
    return new HashicorpVault(
        vault,
        mount,
        headers,
        login,
        RetryPolicy.builder().deadline(Duration.ofSeconds(30)).maxTries(4).build());
  }

  @Override
  public Optional<String> find(String name) {
    int hash = name.indexOf('#');
    String path = hash < 0 ? name : name.substring(0, hash);
    String field = hash < 0 ? "value" : name.substring(hash + 1);
    String what = "read the secret \"" + path + "\" of " + description();
    Optional<Map<String, Object>> entry = retry.call(what, attempt -> read(path, what));
    return entry.map(fields -> field(fields, path, field));
  }

  private String field(Map<String, Object> fields, String path, String field) {
    Object value = fields.get(field);
    if (value == null) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot read the secret \""
              + path
              + "\" of "
              + description()
              + ": it has no field \""
              + field
              + "\" (known: "
              + String.join(", ", fields.keySet())
              + "). Name one after a \"#\".");
    }
    return String.valueOf(value);
  }

  private Optional<Map<String, Object>> read(String path, String what) {
    String token = token(what);
    VaultAnswer answer = get(path, token, what);
    if (answer.status() == 403 && forget(token)) {
      // The session may have been revoked: one new login, then Vault's word is final.
      answer = get(path, token(what), what);
    }
    if (answer.status() == 404) {
      return Optional.empty();
    }
    answer.requireSuccess(
        what, "Let the token's policy read " + mount + "/data/" + path + ", or renew the token.");
    return Optional.of(answer.object("data", what))
        .map(data -> VaultAnswer.object(data, "data", what));
  }

  private VaultAnswer get(String path, String token, String what) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("X-Vault-Token", token);
    return VaultAnswer.get(address(mount + "/data/" + path), all, what);
  }

  private URI address(String path) {
    String base = vault.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + "v1/" + path);
  }

  private String token(String what) {
    if (login instanceof VaultLogin.Token own) {
      return own.token().reveal().strip();
    }
    synchronized (this) {
      if (session.isEmpty() || !Instant.now().isBefore(session.get().until())) {
        session = Optional.of(open(what));
      }
      return session.get().token();
    }
  }

  /** Ends the session with this token, if it is the present one. */
  private synchronized boolean forget(String token) {
    if (session.isPresent() && session.get().token().equals(token)) {
      session = Optional.empty();
      return true;
    }
    return false;
  }

  private Session open(String what) {
    String at;
    Map<String, String> body;
    if (login instanceof VaultLogin.AppRole role) {
      at = "auth/approle/login";
      body = Map.of("role_id", role.roleId(), "secret_id", role.secretId().reveal());
    } else if (login instanceof VaultLogin.Jwt jwt) {
      at = "auth/jwt/login";
      body = Map.of("role", jwt.role(), "jwt", jwt.identity().token(List.of(jwt.scope())).value());
    } else {
      throw new IllegalStateException("Not a login: " + login);
    }
    VaultAnswer answer = VaultAnswer.post(address(at), headers, Json.write(body), what);
    answer.requireLogin(what, "Check the role and what it is bound to (" + at + ").");
    Map<String, Object> auth = answer.object("auth", what);
    String token = String.valueOf(auth.get("client_token"));
    Redaction.remember(token);
    long seconds = auth.get("lease_duration") instanceof Number lease ? lease.longValue() : 0;
    // A lease of 0 never ends; others are left before they do.
    Duration life = seconds <= 0 ? Duration.ofHours(1) : Duration.ofSeconds(seconds * 9 / 10);
    return new Session(token, Instant.now().plus(life));
  }

  @Override
  public String description() {
    return "HashiCorp Vault " + vault.getAuthority() + ", mount " + mount;
  }
}

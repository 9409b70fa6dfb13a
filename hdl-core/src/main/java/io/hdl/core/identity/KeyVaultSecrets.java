package io.hdl.core.identity;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.HttpLogDetailLevel;
import com.azure.core.http.policy.HttpLogOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Secrets in a key vault of Azure. */
final class KeyVaultSecrets implements SecretProvider {
  /** What a name of Key Vault may be made of; other names are not asked for. */
  private static final String NAME = "[0-9A-Za-z-]{1,127}";

  private final URI vault;
  private final TokenSource identity;
  private final Supplier<HttpClient> client;
  private final RetryPolicy retry;

  KeyVaultSecrets(URI vault, TokenSource identity, Supplier<HttpClient> client, RetryPolicy retry) {
    if (!"https".equals(vault.getScheme()) || vault.getHost() == null) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "vault: "
              + Redaction.text(vault.toString())
              + " (expected: https://<name>.vault.azure.net)");
    }
    this.vault = vault;
    this.identity = identity;
    this.client = client;
    this.retry = retry;
  }

  static KeyVaultSecrets at(URI vault, TokenSource identity) {
    return new KeyVaultSecrets(
        vault,
        identity,
        AzureHttp::services,
        RetryPolicy.builder().deadline(Duration.ofSeconds(30)).maxTries(4).build());
  }

  @Override
  public Optional<String> find(String name) {
    if (!name.matches(NAME)) {
      return Optional.empty();
    }
    String what = "read the secret \"" + name + "\" of " + description();
    return retry.call(what, attempt -> once(name, what));
  }

  private Optional<String> once(String name, String what) {
    ObservedHttp http = new ObservedHttp(client.get());
    try {
      return Optional.of(open(http).getSecret(name).getValue());
    } catch (HdlException e) {
      throw e;
    } catch (RuntimeException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof HdlException signIn) {
          throw signIn;
        }
      }
      if (e instanceof HttpResponseException && status(http) == 404) {
        return Optional.empty();
      }
      throw AzureFailure.of(
          what + " as " + identity.description(),
          status(http) == 403
              ? "Give the identity the role Key Vault Secrets User on the vault, and let its"
                  + " firewall admit this machine."
              : "Check that the vault trusts the identity's tenant.",
          http,
          e);
    }
  }

  private static int status(ObservedHttp http) {
    return http.last().flatMap(ObservedHttp.Outcome::status).orElse(0);
  }

  /** A client for one call: the library's challenge, domain check and REST, but not its retries. */
  private SecretClient open(HttpClient http) {
    return new SecretClientBuilder()
        .vaultUrl(vault.toString())
        .credential(bridge(identity))
        .httpClient(http)
        .httpLogOptions(new HttpLogOptions().setLogLevel(HttpLogDetailLevel.NONE))
        .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1))))
        .buildClient();
  }

  private static TokenCredential bridge(TokenSource source) {
    return new TokenCredential() {
      @Override
      public Mono<com.azure.core.credential.AccessToken> getToken(TokenRequestContext request) {
        return Mono.fromCallable(() -> getTokenSync(request));
      }

      @Override
      public com.azure.core.credential.AccessToken getTokenSync(TokenRequestContext request) {
        AccessToken token = source.token(request.getScopes());
        return new com.azure.core.credential.AccessToken(
            token.value(), token.expires().atOffset(ZoneOffset.UTC));
      }
    };
  }

  @Override
  public String description() {
    return "Key Vault " + vault.getHost();
  }
}

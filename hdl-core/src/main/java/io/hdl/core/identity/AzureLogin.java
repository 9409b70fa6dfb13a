package io.hdl.core.identity;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One way to sign in to Azure. Every fetch makes the library's credential anew, so that a renewed
 * secret, certificate or token file is seen, and its pipeline holds nothing but the client: retries
 * are ours. Thread-safe.
 *
 * @param name whose tokens these are
 * @param why why it was chosen
 * @param advice what to do if it is refused
 * @param client what its requests go through
 * @param credential makes the library's credential; may throw what names the setting at fault
 * @param retry how often and how long
 * @param endpoint whom it asks
 */
record AzureLogin(
    String name,
    String why,
    String advice,
    Supplier<HttpClient> client,
    Function<HttpPipeline, TokenCredential> credential,
    RetryPolicy retry,
    Endpoint endpoint)
    implements TokenSource {

  /**
   * Whom a sign-in asks.
   *
   * @param local whether it is an endpoint of this machine; such ones also say 404 and 410 while
   *     they are being renewed
   * @param absence the code for nobody being there
   * @param absent what to say then; empty for what is said of any host
   */
  record Endpoint(boolean local, ErrorCode absence, String absent) {
    /** A service on the network. */
    static final Endpoint SERVICE = new Endpoint(false, ErrorCode.UNAVAILABLE, "");
  }

  @Override
  public AccessToken token(List<String> scopes) {
    return retry.call("sign in to Azure as " + name, attempt -> once(scopes));
  }

  @Override
  public String description() {
    return name + "; " + why;
  }

  private AccessToken once(List<String> scopes) {
    ObservedHttp http = new ObservedHttp(client.get());
    try {
      TokenCredential signIn = credential.apply(AzureHttp.pipeline(http));
      com.azure.core.credential.AccessToken token =
          signIn.getTokenSync(new TokenRequestContext().addScopes(scopes.toArray(new String[0])));
      return new AccessToken(token.getToken(), token.getExpiresAt().toInstant());
    } catch (HdlException e) {
      throw e;
    } catch (RuntimeException e) {
      String what = "sign in to Azure as " + description();
      if (!endpoint.absent().isEmpty() && AzureFailure.isNobodyThere(http)) {
        throw new HdlException(endpoint.absence(), "Cannot " + what + ": " + endpoint.absent(), e);
      }
      throw endpoint.local()
          ? AzureFailure.ofLocal(what, advice, http, e)
          : AzureFailure.of(what, advice, http, e);
    }
  }

  @Override
  public String toString() {
    return "AzureLogin[" + description() + "]";
  }
}

package io.hdl.core.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for Microsoft Entra ID behind a client that rewrites {@code https://host/path} to
 * {@code /host/path} here: it knows one application, its secret, its certificate (whose signature
 * it checks) and its federated tokens. It proves that the real library's sign-in works out; it
 * proves nothing about rights in Azure, conditional access or the shape of real tokens.
 * Thread-safe.
 */
public final class EntraEmulator implements AutoCloseable {
  public static final String HOST = "login.microsoftonline.com";

  private final LoopbackHttp http;
  private final String tenant;
  private final String client;
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final AtomicInteger issued = new AtomicInteger();
  private final ConcurrentLinkedQueue<LoopbackHttp.Answer> first = new ConcurrentLinkedQueue<>();
  private volatile Optional<Certificate> certificate = Optional.empty();
  private volatile String tokenPrefix = "entra-token-";
  private volatile Duration life = Duration.ofHours(1);

  private EntraEmulator(String tenant, String client) {
    this.tenant = tenant;
    this.client = client;
    http = LoopbackHttp.serving(this::answer);
  }

  /** Knows one application in one tenant. */
  public static EntraEmulator of(String tenant, String client) {
    return new EntraEmulator(tenant, client);
  }

  /** Its address, without a path. */
  public URI uri() {
    return http.uri();
  }

  /** Takes this client secret. */
  public EntraEmulator secret(String secret) {
    secrets.put("client_secret", secret);
    return this;
  }

  /** Takes assertions that are this very text, as of a platform's token file. */
  public EntraEmulator federated(String token) {
    secrets.put("client_assertion", token);
    return this;
  }

  /** Takes assertions that this certificate's key signed. */
  public EntraEmulator certificate(Certificate known) {
    certificate = Optional.of(known);
    return this;
  }

  /** What its tokens begin with and how long they live. */
  public EntraEmulator tokens(String prefix, Duration validity) {
    tokenPrefix = prefix;
    life = validity;
    return this;
  }

  /** Gives this answer to the next request for a token, once. */
  public EntraEmulator first(LoopbackHttp.Answer answer) {
    first.add(answer);
    return this;
  }

  /** The requests for tokens so far. */
  public List<LoopbackHttp.Asked> askedForTokens() {
    return http.asked().stream().filter(asked -> asked.path().endsWith("/token")).toList();
  }

  /** All requests so far. */
  public List<LoopbackHttp.Asked> asked() {
    return http.asked();
  }

  private LoopbackHttp.Answer answer(LoopbackHttp.Asked asked) {
    if (asked.path().equals("/" + HOST + "/common/discovery/instance")) {
      return discovery();
    }
    if (!asked.path().equals("/" + HOST + "/" + tenant + "/oauth2/v2.0/token")) {
      return error(400, "invalid_request", 90002, "Tenant not found.");
    }
    LoopbackHttp.Answer planned = first.poll();
    if (planned != null) {
      return planned;
    }
    Map<String, String> form = asked.form();
    if (!client.equals(form.get("client_id"))) {
      return error(
          400, "unauthorized_client", 700016, "Application with identifier was not found.");
    }
    if (form.containsKey("client_secret")) {
      return form.get("client_secret").equals(secrets.get("client_secret"))
          ? token()
          : error(401, "invalid_client", 7000215, "Invalid client secret provided.");
    }
    String assertion = form.getOrDefault("client_assertion", "");
    if (assertion.equals(secrets.get("client_assertion"))) {
      return token();
    }
    if (certificate.isPresent() && isSigned(assertion, certificate.get())) {
      return token();
    }
    return certificate.isPresent()
        ? error(401, "invalid_client", 700027, "The certificate is not registered.")
        : error(401, "invalid_client", 70021, "No matching federated identity record found.");
  }

  private LoopbackHttp.Answer discovery() {
    return LoopbackHttp.Answer.json(
        200,
        "{\"tenant_discovery_endpoint\":\"https://"
            + HOST
            + "/common/v2.0/.well-known/openid-configuration\",\"api-version\":\"1.1\",\"metadata\":"
            + "[{\"preferred_network\":\""
            + HOST
            + "\",\"preferred_cache\":\"login.windows.net\",\"aliases\":[\""
            + HOST
            + "\",\"login.windows.net\",\"login.microsoft.com\",\"sts.windows.net\"]}]}");
  }

  private LoopbackHttp.Answer token() {
    return LoopbackHttp.Answer.json(
        200,
        String.format(
            Locale.ROOT,
            "{\"token_type\":\"Bearer\",\"expires_in\":%d,\"ext_expires_in\":%d,\"access_token\":\"%s%d\"}",
            life.toSeconds(),
            life.toSeconds(),
            tokenPrefix,
            issued.incrementAndGet()));
  }

  private static LoopbackHttp.Answer error(int status, String error, int code, String text) {
    return LoopbackHttp.Answer.json(
        status,
        String.format(
            Locale.ROOT,
            "{\"error\":\"%s\",\"error_description\":\"AADSTS%d: %s Trace ID: x Correlation ID: y"
                + " Timestamp: z\",\"error_codes\":[%d],\"trace_id\":\"x\",\"correlation_id\":\"y\"}",
            error,
            code,
            text,
            code));
  }

  /** Whether a JSON web token bears the certificate's signature (RS256 or PS256). */
  private static boolean isSigned(String assertion, Certificate known) {
    String[] parts = assertion.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
      Signature signature;
      if (header.contains("PS256")) {
        signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      } else {
        signature = Signature.getInstance("SHA256withRSA");
      }
      signature.initVerify(known);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}

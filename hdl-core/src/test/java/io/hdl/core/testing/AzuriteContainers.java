package io.hdl.core.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes containers by the Blob service's REST interface, signed with the account's key ("Authorize
 * with Shared Key" in Azure Storage's REST reference).
 */
final class AzuriteContainers {
  private static final String VERSION = "2021-12-02";

  private AzuriteContainers() {}

  static void create(
      URI endpoint, @Nullable TestCertificate certificate, String key, String container) {
    String date =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .format(ZonedDateTime.now(ZoneOffset.UTC));
    String path = "/" + Azurite.ACCOUNT + "/" + container;
    // Twelve headers, none of which is set, between the method and the x-ms ones.
    String toSign =
        "PUT"
            + "\n".repeat(12)
            + "x-ms-date:"
            + date
            + "\nx-ms-version:"
            + VERSION
            + "\n/"
            + Azurite.ACCOUNT
            + path
            + "\nrestype:container";
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10));
    if (certificate != null) {
      client.sslContext(certificate.context());
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + path + "?restype=container"))
            .timeout(Duration.ofSeconds(30))
            .header("x-ms-date", date)
            .header("x-ms-version", VERSION)
            .header("Authorization", "SharedKey " + Azurite.ACCOUNT + ":" + hmac(key, toSign))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> answer =
          client.build().send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 201 && answer.statusCode() != 409) {
        throw new IllegalStateException(
            "Azurite does not make the container " + container + ": " + answer.body());
      }
    } catch (IOException e) {
      throw new IllegalStateException("Azurite does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String hmac(String key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

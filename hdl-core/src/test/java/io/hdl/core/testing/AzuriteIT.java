package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzuriteIT {
  private static final String LIST = "/" + Azurite.ACCOUNT + "/?comp=list";

  @Test
  void keepsItsContainersOverARestartOnItsPort() throws Exception {
    try (Azurite lake = Azurite.start()) {
      lake.createContainer("curated");
      lake.createContainer("curated");
      URI endpoint = lake.endpoint();
      assertThat(lake.address("curated", "a/b"))
          .hasToString("abfs://curated@devstoreaccount1.dfs.core.windows.net/a/b");
      HttpClient client = HttpClient.newHttpClient();
      assertThat(get(client, endpoint + LIST, "").statusCode()).isEqualTo(403);

      lake.stop();
      assertThatThrownBy(() -> get(client, endpoint + LIST, ""))
          .isInstanceOf(ConnectException.class);
      lake.restart();
      assertThat(lake.endpoint()).isEqualTo(endpoint);
      lake.createContainer("curated");
    }
  }

  @Test
  void takesTokensOverTls() throws Exception {
    try (Azurite lake = Azurite.startWithTls()) {
      lake.createContainer("curated");
      HttpClient client =
          HttpClient.newBuilder().sslContext(TestCertificate.get().context()).build();
      String good = Azurite.token(Instant.now().plus(Duration.ofHours(1)));
      HttpResponse<String> listed = get(client, lake.endpoint() + LIST, good);
      assertThat(listed.statusCode()).as(listed.body()).isEqualTo(200);
      assertThat(listed.body()).contains("<Name>curated</Name>");
      String expired = Azurite.token(Instant.now().minus(Duration.ofHours(1)));
      assertThat(get(client, lake.endpoint() + LIST, expired).statusCode()).isIn(401, 403);
    }
  }

  @Test
  void keepsDataAndKeyInAFolder(@TempDir Path folder) {
    String key;
    try (Azurite lake = Azurite.in(folder)) {
      key = lake.accountKey();
      lake.createContainer("curated");
    }
    try (Azurite lake = Azurite.in(folder)) {
      assertThat(lake.accountKey()).isEqualTo(key);
    }
  }

  private static HttpResponse<String> get(HttpClient client, String address, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .header("x-ms-version", "2021-12-02")
            .timeout(Duration.ofSeconds(20));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}

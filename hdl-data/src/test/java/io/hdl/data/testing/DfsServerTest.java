package io.hdl.data.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hdl.core.json.Json;
import io.hdl.core.testing.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a client library; the storage tests drive it with Hadoop and with the SDK. */
class DfsServerTest {
  private static final String AUTHORIZED = "Bearer good";

  private final DfsServer lake = DfsServer.start();
  private HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void makeContainer() {
    lake.createContainer("c");
  }

  @AfterEach
  void stop() {
    lake.close();
  }

  @Test
  void servesRangesPinnedByTheEtag() throws Exception {
    lake.put("c", "a b/x+y", bytes("0123456789"));
    HttpResponse<String> whole = send("GET", "c/a%20b/x+y", Map.of());
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo("0123456789");
    String etag = header(whole, "ETag");

    HttpResponse<String> part =
        send("GET", "c/a%20b/x+y", Map.of("Range", "bytes=3-5", "If-Match", etag));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("345");
    assertThat(header(part, "Content-Range")).isEqualTo("bytes 3-5/10");
    assertThat(send("GET", "c/a%20b/x+y", Map.of("x-ms-range", "bytes=8-100")).body())
        .isEqualTo("89");
    assertThat(error(send("GET", "c/a%20b/x+y", Map.of("Range", "bytes=10-12"))))
        .isEqualTo("416 InvalidRange");

    lake.put("c", "a b/x+y", bytes("another"));
    assertThat(error(send("GET", "c/a%20b/x+y", Map.of("Range", "bytes=3-5", "If-Match", etag))))
        .isEqualTo("412 ConditionNotMet");
  }

  @Test
  void asksForAHeaderAndDeniesOnDemand() throws Exception {
    lake.put("c", "x", bytes("1"));
    assertThat(error(send("GET", "c/x", Map.of("Authorization", ""))))
        .isEqualTo("401 NoAuthenticationInformation");
    assertThat(send("GET", "c/x", Map.of("Authorization", "SharedKey a:b")).statusCode())
        .isEqualTo(200);
    lake.acceptOnly("better");
    assertThat(error(send("GET", "c/x", Map.of()))).isEqualTo("401 InvalidAuthenticationInfo");
    assertThat(send("GET", "c/x", Map.of("Authorization", "Bearer better")).statusCode())
        .isEqualTo(200);
    lake.deny(403);
    assertThat(error(send("GET", "c/x", Map.of("Authorization", "Bearer better"))))
        .isEqualTo("403 AuthorizationPermissionMismatch");
    lake.allow();
    assertThat(send("GET", "c/x", Map.of()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsAppendedBytesWhenTheyAreFlushed() throws Exception {
    assertThat(send("PUT", "c/d/new?resource=file", Map.of()).statusCode()).isEqualTo(201);
    assertThat(patch("c/d/new?action=append&position=0", "abc").statusCode()).isEqualTo(202);
    assertThat(error(patch("c/d/new?action=append&position=2", "x")))
        .isEqualTo("400 InvalidFlushPosition");
    assertThat(send("GET", "c/d/new", Map.of()).body()).isEmpty();
    assertThat(patch("c/d/new?action=flush&position=3", "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "c/d/new", Map.of()).body()).isEqualTo("abc");

    assertThat(send("PUT", "c/moved", Map.of("x-ms-rename-source", "/c/d/new")).statusCode())
        .isEqualTo(201);
    assertThat(lake.paths("c", "")).containsExactly("moved");
    assertThat(error(send("PUT", "c/moved?resource=file", Map.of("If-None-Match", "*"))))
        .isEqualTo("409 PathAlreadyExists");
    assertThat(error(send("DELETE", "c/gone", Map.of()))).isEqualTo("404 PathNotFound");
    assertThat(send("DELETE", "c/moved", Map.of()).statusCode()).isEqualTo(200);
    assertThat(lake.content("c", "moved")).isEmpty();
  }

  @Test
  void listsInPages() throws Exception {
    IntStream.range(0, 5).forEach(i -> lake.put("c", "t/" + i, bytes("x")));
    lake.put("c", "t/sub/y", bytes("xyz"));
    lake.pageSize(4);
    String listing = "c?resource=filesystem&recursive=false&directory=t";
    HttpResponse<String> first = send("GET", listing, Map.of());
    String next = header(first, "x-ms-continuation");
    HttpResponse<String> second = send("GET", listing + "&continuation=" + next, Map.of());
    assertThat(names(first)).containsExactly("t/0", "t/1", "t/2", "t/3");
    assertThat(names(second)).containsExactly("t/4", "t/sub");
    assertThat(second.headers().firstValue("x-ms-continuation")).isEmpty();
    assertThat(second.body()).contains("\"isDirectory\":\"true\"");
    assertThat(error(send("GET", listing + "/none", Map.of()))).isEqualTo("404 PathNotFound");
    assertThat(error(send("GET", "none?resource=filesystem&recursive=false", Map.of())))
        .isEqualTo("404 FilesystemNotFound");
  }

  @Test
  void countsRequestsAndBytes(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/f"), "0123456789");
    lake.putFolder("c", "t", folder);
    assertThat(send("HEAD", "c/t/sub/f", Map.of()).headers().firstValue("Content-Length"))
        .contains("10");
    assertThat(send("GET", "c/t/sub/f", Map.of("Range", "bytes=2-4")).body()).isEqualTo("234");
    assertThat(lake.bytesSent()).isEqualTo(3);
    assertThat(lake.requests())
        .extracting(DfsServer.Seen::method, DfsServer.Seen::status)
        .containsExactly(tuple("HEAD", 200), tuple("GET", 206));
    lake.forget();
    assertThat(lake.requests()).isEmpty();
    assertThat(lake.bytesSent()).isZero();
  }

  @Test
  void servesOverTls() throws Exception {
    try (DfsServer secure = DfsServer.startWithTls()) {
      secure.createContainer("c");
      secure.put("c", "x", bytes("1"));
      client = HttpClient.newBuilder().sslContext(TestCertificate.get().context()).build();
      assertThat(send(secure, "GET", "c/x", Map.of()).body()).isEqualTo("1");
      assertThat(secure.address("c", "x")).hasToString("abfss://c@contoso.dfs.core.windows.net/x");
    }
  }

  private HttpResponse<String> patch(String target, String body) throws Exception {
    return client.send(
        request(lake, target, Map.of("X-HTTP-Method-Override", "PATCH"))
            .PUT(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String target, Map<String, String> headers)
      throws Exception {
    return send(lake, method, target, headers);
  }

  private HttpResponse<String> send(
      DfsServer to, String method, String target, Map<String, String> headers) throws Exception {
    return client.send(
        request(to, target, headers).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(
      DfsServer to, String target, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.endpoint() + "/" + DfsServer.ACCOUNT + "/" + target))
            .timeout(Duration.ofSeconds(20));
    if (!headers.containsKey("Authorization")) {
      request.header("Authorization", AUTHORIZED);
    }
    headers.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            request.header(name, value);
          }
        });
    return request;
  }

  private static String error(HttpResponse<String> answer) {
    return answer.statusCode() + " " + header(answer, "x-ms-error-code");
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("(none)");
  }

  @SuppressWarnings("unchecked")
  private static List<String> names(HttpResponse<String> listing) {
    Object paths = Json.readObject(listing.body(), "the listing").get("paths");
    return ((List<Map<String, Object>>) Objects.requireNonNull(paths))
        .stream().map(path -> String.valueOf(path.get("name"))).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

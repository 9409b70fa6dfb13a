package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.retry.TryLaterException;
import io.hdl.core.testing.TestCertificate;
import io.hdl.data.testing.DfsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRangesTest {
  private static final String HELLO =
      "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-7/100\r\nContent-Length: 5\r\n"
          + "ETag: \"0x1\"\r\n\r\nhello";

  private final HttpRanges ranges =
      HttpRanges.builder(RequestSigner.none())
          .connectTimeout(Duration.ofSeconds(5))
          .idleTimeout(Duration.ofMillis(500))
          .build();

  private static String text(RangeResponse response) {
    try (response) {
      return new String(response.body().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String read(ScriptedServer server) {
    return text(ranges.open(server.uri(), 3, 5, RangeReader.ANY_VERSION));
  }

  private static void assertRefused(ScriptedServer server, ErrorCode code, String... texts) {
    try (server;
        HttpRanges ranges =
            HttpRanges.builder(RequestSigner.none()).idleTimeout(Duration.ofMillis(500)).build()) {
      assertThatThrownBy(() -> text(ranges.open(server.uri(), 3, 5, RangeReader.ANY_VERSION)))
          .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessageContaining("Cannot read http://127.0.0.1")
          .satisfies(e -> assertThat(List.of(texts)).allMatch(text -> e.toString().contains(text)));
    }
  }

  @Test
  void asksForTheRangeAndTakesItsBytes() {
    try (ScriptedServer server = new ScriptedServer(HELLO);
        RangeResponse response = ranges.open(server.uri(), 3, 5, "\"0x1\"")) {
      assertThat(response.from()).isEqualTo(3);
      assertThat(response.length()).isEqualTo(5);
      assertThat(response.objectSize()).isEqualTo(100);
      assertThat(response.etag()).contains("\"0x1\"");
      assertThat(text(response)).isEqualTo("hello");
      assertThat(server.requests().get(0))
          .startsWith("GET /c/f.parquet HTTP/1.1\nHost: 127.0.0.1:" + server.port() + "\n")
          .contains("\nRange: bytes=3-7\n", "\nIf-Match: \"0x1\"\n");
    }
  }

  @Test
  void usesAConnectionAgain() {
    try (ScriptedServer server = new ScriptedServer(HELLO, HELLO, HELLO)) {
      for (int i = 0; i < 3; i++) {
        assertThat(read(server)).isEqualTo("hello");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void takesANewConnectionWhenTheServerClosedTheOldOne() {
    try (ScriptedServer server = new ScriptedServer(HELLO, ScriptedServer.HANG_UP, HELLO, HELLO)) {
      for (int i = 0; i < 3; i++) {
        assertThat(read(server)).isEqualTo("hello");
      }
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void leavesAConnectionWhoseBodyWasNotReadToTheEnd() {
    try (ScriptedServer server = new ScriptedServer(HELLO, HELLO)) {
      ranges.open(server.uri(), 3, 5, RangeReader.ANY_VERSION).close();
      assertThat(read(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void takesNoBytesThatWereSentUnaskedForAnAnswer() {
    try (ScriptedServer server = new ScriptedServer(HELLO + HELLO, HELLO)) {
      assertThat(read(server)).isEqualTo("hello");
      assertThat(read(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "2;x=y\r\nhe\r\n03\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
      })
  void takesABodyInChunks(String body) {
    String answer =
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-7/100\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + body;
    try (ScriptedServer server = new ScriptedServer(answer, answer)) {
      assertThat(read(server)).isEqualTo("hello");
      assertThat(read(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void takesABodyThatEndsWithTheConnection() {
    String answer =
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-7/100\r\n"
            + "Connection: close\r\n\r\nhello";
    try (ScriptedServer server = new ScriptedServer(answer)) {
      assertThat(read(server)).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close\r\n\r\nhell",
        "Connection: close\r\nContent-Length: 5\r\n\r\nhell",
        "Connection: close\r\n\r\nhello!",
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n6\r\nhello!\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhell\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\nhello",
        "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 6\r\n\r\nhello!",
        "Content-Length: 4\r\n\r\nhell",
        "Content-Length: five\r\n\r\nhello",
      })
  void refusesABodyOfAnotherLengthOrForm(String rest) {
    assertRefused(
        new ScriptedServer(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-7/100\r\n" + rest),
        ErrorCode.UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 4-8/100",
        "bytes 3-8/100",
        "bytes 3-7/*",
        "bytes 3-2/100",
        "bytes 3-7/5",
        "x",
        ""
      })
  void refusesAnotherRange(String range) {
    assertRefused(
        new ScriptedServer(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: "
                + range
                + "\r\nContent-Length: 5\r\n\r\nhello"),
        ErrorCode.UNAVAILABLE,
        "gave a wrong answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/2 206\r\n\r\n",
        "HTTP/1.1 206 OK\r\nno header\r\n\r\n",
      })
  void refusesWhatIsNoAnswer(String answer) {
    assertRefused(new ScriptedServer(answer), ErrorCode.UNAVAILABLE, "gave a wrong answer: no ");
  }

  @Test
  void refusesAPageInPlaceOfTheRange() {
    assertRefused(
        new ScriptedServer(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n<html"),
        ErrorCode.REFUSED_BY_SERVICE,
        "answers a request for a range with 200 and content of type text/html",
        "Is a login page or a proxy in the way?");
  }

  @Test
  void followsNoRedirectAndShowsNoQuery() {
    ScriptedServer server =
        new ScriptedServer(
            """
            HTTP/1.1 302 Found\r
            Location: https://login.example.org/in?key=secret\r
            Content-Length: 0\r
            \r
            """);
    assertThatThrownBy(() -> read(server))
        .hasMessageContaining("redirects (302) to https://login.example.org/in,")
        .message()
        .doesNotContain("secret");
    assertThat(server.requests()).hasSize(1);
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, NOT_FOUND",
    "412, CORRUPT_DATA",
    "416, CORRUPT_DATA",
    "429, UNAVAILABLE",
    "500, UNAVAILABLE",
    "503, UNAVAILABLE",
    "400, REFUSED_BY_SERVICE",
  })
  void tellsStatusesApart(int status, ErrorCode code) {
    assertRefused(
        new ScriptedServer("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n"),
        code,
        String.valueOf(status));
  }

  @Test
  void passesOnHowLongTheServiceWantsToBeLeftAlone() {
    try (ScriptedServer server =
        new ScriptedServer("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n")) {
      assertThatThrownBy(() -> read(server))
          .isInstanceOfSatisfying(
              TryLaterException.class,
              e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    }
  }

  @Test
  void signsAnewOnceAfter401() {
    AtomicInteger tokens = new AtomicInteger();
    RequestSigner signer =
        new RequestSigner() {
          @Override
          public Map<String, String> headers(
              String method, URI target, Map<String, String> headers) {
            return Map.of("Authorization", "Bearer t" + tokens.get());
          }

          @Override
          public boolean refused(Map<String, String> signed) {
            assertThat(signed).containsEntry("Authorization", "Bearer t" + tokens.get());
            tokens.incrementAndGet();
            return true;
          }
        };
    String no = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
    try (ScriptedServer server = new ScriptedServer(no, HELLO, no, no);
        HttpRanges signed = HttpRanges.builder(signer).build()) {
      assertThat(text(signed.open(server.uri(), 3, 5, RangeReader.ANY_VERSION))).isEqualTo("hello");
      assertThatThrownBy(() -> signed.open(server.uri(), 3, 5, RangeReader.ANY_VERSION))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
      assertThat(server.requests())
          .extracting(r -> r.replaceAll("(?s).*Bearer (t\\d).*", "$1"))
          .containsExactly("t0", "t1", "t1", "t2");
    }
  }

  @Test
  void asksForAnotherTokenWhenTheServiceRefusesOneThatWasCached() {
    AtomicInteger issued = new AtomicInteger();
    TokenSource tokens =
        ((TokenSource)
                scopes ->
                    new AccessToken(
                        "t" + issued.incrementAndGet(), Instant.now().plusSeconds(3600)))
            .cached();
    byte[] bytes = "to the lake".getBytes(StandardCharsets.US_ASCII);
    try (DfsServer lake = DfsServer.start();
        HttpRanges signed = HttpRanges.builder(new BearerSigner(tokens)).build()) {
      lake.createContainer("curated");
      lake.put("curated", "f", bytes);
      URI uri = URI.create(lake.endpoint() + "/" + DfsServer.ACCOUNT + "/curated/f");
      lake.acceptOnly("t1");
      assertThat(text(signed.open(uri, 7, 4, RangeReader.ANY_VERSION))).isEqualTo("lake");
      assertThat(text(signed.open(uri, 7, 4, RangeReader.ANY_VERSION))).isEqualTo("lake");
      assertThat(issued).hasValue(1);
      lake.acceptOnly("t2");
      assertThat(text(signed.open(uri, 7, 4, RangeReader.ANY_VERSION))).isEqualTo("lake");
      assertThat(issued).hasValue(2);
      lake.acceptOnly("another");
      assertThatThrownBy(() -> signed.open(uri, 7, 4, RangeReader.ANY_VERSION))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
      assertThat(issued).hasValue(3);
    }
  }

  @Test
  void tellsWhatKeepsItFromConnecting() throws IOException {
    int port;
    try (ScriptedServer gone = new ScriptedServer()) {
      port = gone.port();
    }
    assertThatThrownBy(
            () ->
                ranges.open(URI.create("http://127.0.0.1:" + port), 0, 1, RangeReader.ANY_VERSION))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("no connection to 127.0.0.1");
    assertThatThrownBy(
            () ->
                ranges.open(
                    URI.create("http://no-such-host.invalid/f"), 0, 1, RangeReader.ANY_VERSION))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("the name no-such-host.invalid cannot be resolved");
    assertThatThrownBy(() -> ranges.open(URI.create("ftp://x/f"), 0, 1, RangeReader.ANY_VERSION))
        .hasMessage("uri: ftp://x/f (expected: an address that leads to http: or https:)");
    assertThatThrownBy(() -> ranges.open(URI.create("http://x/f"), 0, 0, RangeReader.ANY_VERSION))
        .hasMessage("range: 0 bytes from 0 (expected: at least 1 from 0 on)");
  }

  @Test
  void givesUpOnASilentServer() {
    try (ScriptedServer server = new ScriptedServer(HELLO.substring(0, HELLO.length() - 2))) {
      assertThatThrownBy(() -> read(server))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
          .hasMessageContaining("broke off after 3 of the 5 bytes from 3 on")
          .hasMessageContaining("no byte arrived for 0.5 s (idle timeout)");
    }
  }

  @Test
  void goesThroughAProxy() {
    try (ScriptedServer proxy = new ScriptedServer(HELLO);
        HttpRanges behind =
            HttpRanges.builder(RequestSigner.none())
                .proxies(
                    ProxySelector.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
                .build()) {
      URI far = URI.create("http://contoso.example.org/c/f");
      assertThat(text(behind.open(far, 3, 5, RangeReader.ANY_VERSION))).isEqualTo("hello");
      assertThat(proxy.requests().get(0))
          .startsWith("GET http://contoso.example.org/c/f HTTP/1.1\nHost: contoso.example.org\n");
    }
  }

  @Test
  void asksAProxyForATunnelWhenOverTls() {
    try (ScriptedServer proxy = new ScriptedServer("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        HttpRanges behind =
            HttpRanges.builder(RequestSigner.none())
                .proxies(
                    ProxySelector.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
                .build()) {
      URI far = URI.create("https://contoso.example.org/c/f");
      assertThatThrownBy(() -> behind.open(far, 3, 5, RangeReader.ANY_VERSION))
          .hasMessageContaining("the proxy answers CONNECT with 407");
      assertThat(proxy.requests().get(0))
          .startsWith("CONNECT contoso.example.org:443 HTTP/1.1\nHost: contoso.example.org:443\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 16_384, 40_000, 1 << 20})
  void decryptsIntoBuffersOfAnySize(int room) {
    byte[] bytes = new byte[700_000];
    new SplittableRandom(room).nextBytes(bytes);
    int length = room == 1 ? 20_000 : bytes.length;
    try (DfsServer lake = DfsServer.startWithTls();
        HttpRanges overTls =
            HttpRanges.builder((m, t, h) -> Map.of("Authorization", "Bearer x"))
                .tls(TestCertificate.get().context())
                .build()) {
      lake.createContainer("curated");
      lake.put("curated", "f", bytes);
      URI uri = URI.create(lake.endpoint() + "/" + DfsServer.ACCOUNT + "/curated/f");
      for (int repeat = 0; repeat < 3; repeat++) {
        ByteBuffer all = ByteBuffer.allocate(length);
        ByteBuffer buffer = ByteBuffer.allocateDirect(room);
        try (RangeResponse response = overTls.open(uri, 0, length, RangeReader.ANY_VERSION)) {
          while (response.read(buffer.clear()) >= 0) {
            all.put(buffer.flip());
          }
        }
        assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(bytes, 0, length));
      }
    }
  }

  @Test
  void trustsNoCertificateThatTheJvmDoesNotKnow() {
    try (DfsServer lake = DfsServer.startWithTls()) {
      assertThatThrownBy(() -> ranges.open(lake.endpoint(), 0, 1, RangeReader.ANY_VERSION))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED_BY_SERVICE))
          .hasMessageContaining("the certificate of 127.0.0.1 is not trusted");
    }
  }

  @Test
  void checksTheCertificateAgainstTheHostThroughATunnel() {
    try (DfsServer lake = DfsServer.startWithTls();
        Tunnel tunnel = new Tunnel(lake.endpoint().getPort());
        HttpRanges behind =
            HttpRanges.builder((m, t, h) -> Map.of("Authorization", "Bearer x"))
                .tls(TestCertificate.get().context())
                .proxies(tunnel.selector())
                .build()) {
      lake.createContainer("curated");
      lake.put("curated", "f", "to the lake".getBytes(StandardCharsets.US_ASCII));
      String path = "/" + DfsServer.ACCOUNT + "/curated/f";
      assertThat(
              text(behind.open(URI.create(lake.endpoint() + path), 7, 4, RangeReader.ANY_VERSION)))
          .isEqualTo("lake");
      URI other = URI.create("https://other.example.org:443" + path);
      assertThatThrownBy(() -> behind.open(other, 7, 4, RangeReader.ANY_VERSION))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED_BY_SERVICE))
          .hasMessageContaining("the certificate of other.example.org is not trusted")
          .hasMessageContaining("other.example.org");
    }
  }

  @Test
  void letsNoHeaderBreakOut() {
    try (ScriptedServer server = new ScriptedServer(HELLO)) {
      assertThatThrownBy(() -> ranges.open(server.uri(), 3, 5, "\"1\"\r\nX-Evil: yes"))
          .hasMessage("If-Match: a character that no HTTP header can hold");
    }
  }
}

package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultProxyTest {
  private final AtomicInteger served = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server = echo(served);
  private final FaultProxy proxy =
      FaultProxy.before(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));

  private static HttpServer echo(AtomicInteger served) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            served.incrementAndGet();
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer =
                (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " ")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length + body.length);
            exchange.getResponseBody().write(answer);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(proxy.uri() + path)).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void passesOnWithoutFaults() throws Exception {
    assertThat(send(request("/a?b=c")).body()).isEqualTo("GET /a?b=c ");
    String large = "x".repeat(300_000);
    assertThat(send(request("/p").POST(HttpRequest.BodyPublishers.ofString(large))).body())
        .isEqualTo("POST /p " + large);
    assertThat(proxy.requests()).hasSize(2);
    assertThat(proxy.requests().get(1).method()).isEqualTo("POST");
    assertThat(proxy.requests().get(1).target()).isEqualTo("/p");
    assertThat(proxy.requests().get(1).body()).isEqualTo(large);
    assertThat(proxy.requests().get(1).fault()).isEmpty();
  }

  @Test
  void tellsClientsThatItClosesTheConnection() throws Exception {
    assertThat(send(request("/a")).headers().firstValue("connection")).contains("close");
    for (int i = 0; i < 50; i++) {
      assertThat(send(request("/p").POST(HttpRequest.BodyPublishers.ofString("x"))).body())
          .isEqualTo("POST /p x");
    }
  }

  @Test
  void passesOnABodyInChunks() throws Exception {
    HttpRequest.BodyPublisher chunked =
        HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString("in chunks"));
    assertThat(send(request("/c").PUT(chunked)).body()).isEqualTo("PUT /c in chunks");
  }

  @Test
  void answersThoseWhoWaitToContinue() throws Exception {
    assertThat(
            send(request("/c").expectContinue(true).PUT(HttpRequest.BodyPublishers.ofString("it")))
                .body())
        .isEqualTo("PUT /c it");
  }

  @Test
  void failsTheNextRequestsOneAfterTheOther() throws Exception {
    proxy.next(Fault.status(503, "7"), Fault.status(429), Fault.reset());
    HttpResponse<String> first = send(request("/"));
    assertThat(first.statusCode()).isEqualTo(503);
    assertThat(first.headers().firstValue("Retry-After")).contains("7");
    HttpResponse<String> second = send(request("/"));
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).isEmpty();
    // A POST, which the JDK's client does not repeat by itself.
    assertThatThrownBy(() -> send(request("/").POST(HttpRequest.BodyPublishers.ofString("x"))))
        .isInstanceOf(IOException.class);
    assertThat(served).hasValue(0);
    assertThat(send(request("/")).statusCode()).isEqualTo(200);
    assertThat(proxy.requests())
        .extracting(FaultProxy.Seen::fault)
        .containsExactly(
            Optional.of(Fault.status(503, "7")),
            Optional.of(Fault.status(429)),
            Optional.of(Fault.reset()),
            Optional.empty());
  }

  @Test
  void failsWhatMatchesUntilHealed() throws Exception {
    proxy.when(seen -> seen.target().startsWith("/bad"), Fault.status(500));
    assertThat(send(request("/bad/1")).statusCode()).isEqualTo(500);
    assertThat(send(request("/good")).statusCode()).isEqualTo(200);
    assertThat(send(request("/bad/2")).statusCode()).isEqualTo(500);
    proxy.heal();
    assertThat(send(request("/bad/3")).statusCode()).isEqualTo(200);
  }

  @Test
  void redirects() throws Exception {
    proxy.always(Fault.redirect(URI.create("https://login.example.org/")));
    HttpResponse<String> answer = send(request("/"));
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).contains("https://login.example.org/");
  }

  @Test
  void losesTheAnswerOfWorkThatWasDone() {
    proxy.next(Fault.resetAfterwards());
    assertThatThrownBy(() -> send(request("/").POST(HttpRequest.BodyPublishers.ofString("x"))))
        .isInstanceOf(IOException.class);
    assertThat(served).hasValue(1);
  }

  @Test
  void neverAnswers() {
    proxy.next(Fault.stall());
    assertThatThrownBy(() -> send(request("/").timeout(Duration.ofMillis(200))))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(served).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void endsTheAnswerTooEarly(int bytes) {
    proxy.next(Fault.truncate(bytes));
    assertThatThrownBy(() -> send(request("/long").POST(HttpRequest.BodyPublishers.ofString("x"))))
        .isInstanceOf(IOException.class);
    assertThat(served).hasValue(1);
  }

  @Test
  void delays() throws Exception {
    proxy.next(Fault.delay(Duration.ofMillis(150)));
    long start = System.nanoTime();
    assertThat(send(request("/")).statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void endsWithoutAnAnswer() {
    proxy.next(Fault.fin());
    assertThatThrownBy(() -> send(request("/").POST(HttpRequest.BodyPublishers.ofString("x"))))
        .isInstanceOf(IOException.class);
    assertThat(served).hasValue(0);
  }

  @Test
  void givesAPage() throws Exception {
    proxy.next(Fault.page(200, "<html>log in</html>"));
    HttpResponse<String> answer = send(request("/"));
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/html");
    assertThat(answer.body()).isEqualTo("<html>log in</html>");
  }

  @Test
  void breaksOffWithin() {
    proxy.next(Fault.resetWithin(3));
    assertThatThrownBy(() -> send(request("/long").POST(HttpRequest.BodyPublishers.ofString("x"))))
        .isInstanceOf(IOException.class);
    assertThat(served).hasValue(1);
    assertThat(proxy.bodyBytes()).isEqualTo(3);
  }

  @Test
  void stallsWithin() {
    proxy.next(Fault.stallWithin(3));
    var waiting = client.sendAsync(request("/").build(), HttpResponse.BodyHandlers.ofString());
    await().atMost(Duration.ofMinutes(1)).until(() -> proxy.bodyBytes() == 3);
    assertThat(waiting).isNotDone();
  }

  @Test
  void deliversAtAPace() throws Exception {
    proxy.next(Fault.slow(1000));
    long start = System.nanoTime();
    String text = "x".repeat(200);
    assertThat(send(request("/s").POST(HttpRequest.BodyPublishers.ofString(text))).body())
        .isEqualTo("POST /s " + text);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(199));
    assertThat(proxy.bodyBytes()).isEqualTo(208);
  }

  @Test
  void endsWithoutALengthToTell() throws Exception {
    proxy.next(Fault.truncateWithoutLength(3));
    HttpResponse<String> answer = send(request("/"));
    assertThat(answer.headers().firstValue("Content-Length")).isEmpty();
    assertThat(answer.body()).isEqualTo("GET");
  }

  @Test
  void sendsMoreThanItShould() throws Exception {
    proxy.next(Fault.longer(2));
    HttpResponse<String> answer = send(request("/"));
    assertThat(answer.headers().firstValue("Content-Length")).contains("8");
    assertThat(answer.body()).isEqualTo("GET / \0\0");
  }

  @Test
  void changesRangesAndMarks() throws Exception {
    server.createContext(
        "/range",
        exchange -> {
          String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
          exchange.getResponseHeaders().set("ETag", "\"1\"");
          byte[] body = range.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    HttpRequest.Builder asked = request("/range").header("Range", "bytes=10-19");
    proxy.next(Fault.otherRange(5), Fault.ignoredRange(), Fault.changedEtag("\"2\""));
    assertThat(send(asked).body()).isEqualTo("bytes=15-24");
    assertThat(send(asked).body()).isEqualTo("null");
    HttpResponse<String> changed = send(asked);
    assertThat(changed.body()).isEqualTo("bytes=10-19");
    assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
    assertThat(send(asked).headers().firstValue("ETag")).contains("\"1\"");
    assertThat(proxy.requests().get(0).header("Range")).contains("bytes=10-19");
  }

  @RepeatedTest(20)
  void refusesConnectionsUntilHealedOnTheSamePort() throws Exception {
    URI before = proxy.uri();
    proxy.refuse();
    assertThatThrownBy(() -> send(request("/"))).isInstanceOf(ConnectException.class);
    proxy.heal();
    assertThat(proxy.uri()).isEqualTo(before);
    assertThat(send(request("/")).statusCode()).isEqualTo(200);
  }

  @Test
  void closingEndsAStalledRequestAndTwiceIsFine() {
    proxy.always(Fault.stall());
    var waiting = client.sendAsync(request("/").build(), HttpResponse.BodyHandlers.ofString());
    await().atMost(Duration.ofMinutes(1)).until(() -> !proxy.requests().isEmpty());
    proxy.close();
    proxy.close();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(IOException.class);
  }
}

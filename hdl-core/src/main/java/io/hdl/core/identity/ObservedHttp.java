package io.hdl.core.identity;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Passes the requests of one call of an Azure library on and remembers how the last one ended: the
 * libraries' own exceptions often do not tell. The text of a refusal is redacted before the library
 * sees it, since it words its log lines and exceptions from it. For one call; thread-safe.
 */
final class ObservedHttp implements HttpClient {
  /**
   * How a request ended: with a status or with a failure.
   *
   * @param host whom it went to
   */
  record Outcome(
      String host,
      Optional<Integer> status,
      Optional<String> retryAfter,
      Optional<Throwable> failure) {}

  private final HttpClient client;
  private volatile Optional<Outcome> last = Optional.empty();

  ObservedHttp(HttpClient client) {
    this.client = client;
  }

  /** How the last request ended, empty if there was none. */
  Optional<Outcome> last() {
    return last;
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return send(request, Context.NONE);
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request, Context context) {
    return client
        .send(request, context)
        .flatMap(response -> answered(request, response))
        .doOnError(failure -> failed(request, failure));
  }

  @Override
  public HttpResponse sendSync(HttpRequest request, Context context) {
    try {
      HttpResponse response = client.sendSync(request, context);
      remember(request, response);
      return response.getStatusCode() < 400
          ? response
          : new RedactedResponse(response, String.valueOf(response.getBodyAsString().block()));
    } catch (RuntimeException | Error e) {
      failed(request, e);
      throw e;
    }
  }

  private Mono<HttpResponse> answered(HttpRequest request, HttpResponse response) {
    remember(request, response);
    return response.getStatusCode() < 400
        ? Mono.just(response)
        : response
            .getBodyAsString()
            .defaultIfEmpty("")
            .map(body -> new RedactedResponse(response, body));
  }

  private void remember(HttpRequest request, HttpResponse response) {
    last =
        Optional.of(
            new Outcome(
                host(request),
                Optional.of(response.getStatusCode()),
                Optional.ofNullable(response.getHeaderValue(HttpHeaderName.RETRY_AFTER)),
                Optional.empty()));
  }

  private void failed(HttpRequest request, Throwable failure) {
    last =
        Optional.of(
            new Outcome(host(request), Optional.empty(), Optional.empty(), Optional.of(failure)));
  }

  private static String host(HttpRequest request) {
    return request.getUrl().getAuthority();
  }
}

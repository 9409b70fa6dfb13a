package io.hdl.data.storage;

import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How the SDK's requests go out: signed like all others, over the JDK's own HTTP client, once. The
 * SDK's own retries are left out, since they are not bounded by the one policy and do not heed
 * {@code Retry-After}.
 */
final class SdkPipeline {
  private SdkPipeline() {}

  static HttpPipeline of(RequestSigner signer, Duration idleTimeout) {
    Duration connect = Duration.ofSeconds(10);
    return new HttpPipelineBuilder()
        .policies(new Signing(signer))
        .httpClient(
            new JdkHttpClientBuilder()
                .connectionTimeout(connect.compareTo(idleTimeout) < 0 ? connect : idleTimeout)
                .writeTimeout(idleTimeout)
                .responseTimeout(idleTimeout)
                .readTimeout(idleTimeout)
                .build())
        .build();
  }

  /** Puts the credential on. */
  private record Signing(RequestSigner signer) implements HttpPipelinePolicy {
    @Override
    public Mono<HttpResponse> process(
        HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
      return Mono.defer(
          () -> {
            sign(context.getHttpRequest());
            return next.process();
          });
    }

    @Override
    public HttpResponse processSync(
        HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
      sign(context.getHttpRequest());
      return next.processSync();
    }

    private void sign(HttpRequest request) {
      Map<String, String> headers = new LinkedHashMap<>();
      for (HttpHeader header : request.getHeaders()) {
        headers.put(header.getName(), header.getValue());
      }
      signer
          .headers(
              request.getHttpMethod().toString(), URI.create(request.getUrl().toString()), headers)
          .forEach((name, value) -> request.setHeader(HttpHeaderName.fromString(name), value));
      request.setHeaders(new SentHeaders(request.getHeaders()));
    }
  }

  /**
   * Headers that know the body's length without holding it: the client below asks for it, but warns
   * of one among the headers on every request, since the JDK sets it by itself.
   */
  private static final class SentHeaders extends HttpHeaders {
    private final @Nullable String length;

    SentHeaders(HttpHeaders headers) {
      super(headers);
      length = headers.getValue(HttpHeaderName.CONTENT_LENGTH);
      remove(HttpHeaderName.CONTENT_LENGTH);
    }

    @Override
    public @Nullable String getValue(HttpHeaderName name) {
      return name.equals(HttpHeaderName.CONTENT_LENGTH) ? length : super.getValue(name);
    }
  }
}

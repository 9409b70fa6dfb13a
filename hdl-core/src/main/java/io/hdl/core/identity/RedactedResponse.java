package io.hdl.core.identity;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A refusal whose text holds no secrets. */
final class RedactedResponse extends HttpResponse {
  private final HttpResponse response;
  private final byte[] body;

  RedactedResponse(HttpResponse response, String text) {
    super(response.getRequest());
    this.response = response;
    body = Redaction.text(text).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int getStatusCode() {
    return response.getStatusCode();
  }

  @Override
  @Deprecated
  public String getHeaderValue(String name) {
    return response.getHeaderValue(name);
  }

  @Override
  public String getHeaderValue(HttpHeaderName name) {
    return response.getHeaderValue(name);
  }

  @Override
  public HttpHeaders getHeaders() {
    return response.getHeaders();
  }

  @Override
  public Flux<ByteBuffer> getBody() {
    return Flux.defer(() -> Flux.just(ByteBuffer.wrap(body)));
  }

  @Override
  public Mono<byte[]> getBodyAsByteArray() {
    return Mono.fromSupplier(body::clone);
  }

  @Override
  public Mono<String> getBodyAsString() {
    return Mono.just(new String(body, StandardCharsets.UTF_8));
  }

  @Override
  public Mono<String> getBodyAsString(Charset charset) {
    return Mono.just(new String(body, charset));
  }

  @Override
  public void close() {
    response.close();
  }
}

package io.hdl.core.identity;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import com.azure.core.util.UrlBuilder;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import reactor.core.publisher.Mono;

/**
 * Sends what the Azure libraries address to {@code https://host/path} to {@code
 * http://127.0.0.1:port/host/path}: the libraries see their real addresses, so that their own
 * checks of hosts and of TLS as a scheme stay in play.
 */
final class LoopbackAzure implements HttpClient {
  private final HttpClient client = new JdkHttpClientBuilder().build();
  private final URI emulator;

  LoopbackAzure(URI emulator) {
    this.emulator = emulator;
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return client.send(rewritten(request));
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request, Context context) {
    return client.send(rewritten(request), context);
  }

  @Override
  public HttpResponse sendSync(HttpRequest request, Context context) {
    return client.sendSync(rewritten(request), context);
  }

  private HttpRequest rewritten(HttpRequest request) {
    URL real = request.getUrl();
    if (!real.getProtocol().equals("https")) {
      throw new IllegalStateException("The library left TLS: " + real);
    }
    try {
      URL here =
          UrlBuilder.parse(real)
              .setScheme("http")
              .setHost(emulator.getHost())
              .setPort(emulator.getPort())
              .setPath("/" + real.getHost() + real.getPath())
              .toUrl();
      return request.copy().setUrl(here);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.hdl.core.identity;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Configuration;
import java.time.Duration;

/** The HTTP clients of the Azure libraries, on the JDK's own. Thread-safe. */
final class AzureHttp {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** A machine's own endpoint answers at once or is not there. */
  static final Duration METADATA_CONNECT = Duration.ofSeconds(1);

  private AzureHttp() {}

  private static final class Authority {
    static final HttpClient CLIENT =
        new JdkHttpClientBuilder()
            .connectionTimeout(Duration.ofSeconds(5))
            .responseTimeout(ANSWER)
            .readTimeout(ANSWER)
            .build();
  }

  private static final class Metadata {
    static final HttpClient CLIENT =
        new JdkHttpClientBuilder(
                java.net.http.HttpClient.newBuilder()
                    .proxy(java.net.http.HttpClient.Builder.NO_PROXY))
            .configuration(Configuration.NONE)
            .connectionTimeout(METADATA_CONNECT)
            .responseTimeout(ANSWER)
            .readTimeout(ANSWER)
            .build();
  }

  /** For services on the network; goes through the proxy that the environment names. */
  static HttpClient services() {
    return Authority.CLIENT;
  }

  /** For endpoints of this machine; never through a proxy. */
  static HttpClient metadata() {
    return Metadata.CLIENT;
  }

  /** Nothing but the client: retries are ours, and nothing is logged. */
  static HttpPipeline pipeline(HttpClient client) {
    return new HttpPipelineBuilder().httpClient(client).build();
  }
}

package io.hdl.benchmarks.lake;

import io.hdl.core.json.Json;
import io.hdl.core.testing.TestCertificate;
import io.hdl.data.testing.DfsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Serves a file over HTTP and over TLS until standard input ends; says where, as JSON. */
public final class LakeServer {
  private static final String CONTAINER = "curated";
  private static final String NAME = "part.parquet";

  private LakeServer() {}

  /** {@code FILE}. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    try (DfsServer plain = DfsServer.start();
        DfsServer secure = DfsServer.startWithTls()) {
      for (DfsServer server : new DfsServer[] {plain, secure}) {
        server.createContainer(CONTAINER);
        server.put(CONTAINER, NAME, file);
      }
      TestCertificate certificate = TestCertificate.get();
      Map<String, Object> about =
          Map.of(
              "http", plain.endpoint().toString(),
              "https", secure.endpoint().toString(),
              "account", DfsServer.ACCOUNT,
              "key", plain.accountKey(),
              "container", CONTAINER,
              "name", NAME,
              "trustStore", certificate.trustStore().toString(),
              "password", certificate.password());
      System.out.println(Json.write(about));
      while (System.in.read() >= 0) {
        // Whoever started this process ends it by closing its input.
      }
    }
  }
}

package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.Azurite;
import io.hdl.core.testing.TestCertificate;
import io.hdl.data.hostile.ChildJvm;
import io.hdl.data.testing.DfsServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens over TLS, in JVMs that trust the test's certificate from their start on, and one not. */
class TlsStoreIT {
  @TempDir Path folder;

  @Test
  void readsAndPublishesWithATokenOnAzurite() throws Exception {
    try (Azurite lake = Azurite.startWithTls()) {
      lake.createContainer("curated");
      String good = Azurite.token(Instant.now().plus(Duration.ofHours(1)));
      URI file = lake.address("curated", "t/x");
      assertThat(run(true, lake.endpoint(), file, good)).contains("published 5, read hello");
      String expired = Azurite.token(Instant.now().minus(Duration.ofHours(1)));
      assertThat(run(true, lake.endpoint(), file, expired))
          .containsAnyOf("UNAUTHENTICATED", "PERMISSION_DENIED")
          .contains("used: the test's token")
          .doesNotContain(expired);
    }
  }

  @Test
  void readsAndPublishesWithATokenOnAHierarchy() throws Exception {
    try (DfsServer lake = DfsServer.startWithTls()) {
      lake.createContainer("curated");
      lake.acceptOnly("good");
      URI file = lake.address("curated", "t/x");
      assertThat(file.getScheme()).isEqualTo("abfss");
      assertThat(run(true, lake.endpoint(), file, "good")).contains("published 5, read hello");
      assertThat(run(true, lake.endpoint(), file, "bad-token"))
          .contains("UNAUTHENTICATED")
          .doesNotContain("bad-token");
      assertThat(run(false, lake.endpoint(), file, "good"))
          .contains("REFUSED_BY_SERVICE")
          .contains("the certificate of 127.0.0.1 is not trusted");
    }
  }

  private String run(boolean trusting, URI endpoint, URI file, String token) throws Exception {
    TestCertificate certificate = TestCertificate.get();
    List<String> options =
        trusting
            ? List.of(
                "-Djavax.net.ssl.trustStore=" + certificate.trustStore(),
                "-Djavax.net.ssl.trustStorePassword=" + certificate.password())
            : List.of();
    try (ChildJvm child =
        ChildJvm.start(
            folder, options, StoreProgram.class, endpoint.toString(), file.toString(), token)) {
      assertThat(child.join(Duration.ofMinutes(1))).as(child.output()).isZero();
      return child.output();
    }
  }
}

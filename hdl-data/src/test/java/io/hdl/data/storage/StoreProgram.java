package io.hdl.data.storage;

import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Publishes and reads an object with a token: endpoint, address, token. */
final class StoreProgram {
  private StoreProgram() {}

  public static void main(String[] arguments) throws Exception {
    URI file = URI.create(arguments[1]);
    TokenSource tokens =
        new TokenSource() {
          @Override
          public AccessToken token(List<String> scopes) {
            return new AccessToken(arguments[2], Instant.now().plus(Duration.ofHours(1)));
          }

          @Override
          public String description() {
            return "the test's token";
          }
        };
    LakeAccess access =
        LakeAccess.from(Map.of()).endpoint(URI.create(arguments[0])).credential(tokens);
    Path source = Files.writeString(Files.createTempFile("hdl", ".txt"), "hello");
    try (LakeStore store = LakeStore.open(access)) {
      long size = store.publish(source, file).size();
      try (InputStream in = store.read(file, 0, Long.MAX_VALUE)) {
        String read = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        System.out.println("published " + size + ", read " + read);
      }
      store.ranges().open(file, 1, 2, RangeReader.ANY_VERSION).close();
      store.delete(file);
    } catch (HdlException e) {
      System.out.println(e.code() + " " + e.getMessage());
    } finally {
      Files.delete(source);
    }
  }
}

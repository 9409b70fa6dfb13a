package io.hdl.data;

import io.hdl.core.identity.Secret;
import io.hdl.core.testing.Azurite;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.storage.LakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Sources on a real Azurite. */
class LakeSourceIT extends LakeSourceContract {
  private static final class Emulator implements Lake {
    private final Azurite azurite = Azurite.start();
    private final LakeAccess access =
        LakeAccess.fromEnvironment().emulator(azurite.endpoint(), Secret.of(azurite.accountKey()));
    private final LakeStore store;

    Emulator() {
      azurite.createContainer(CONTAINER);
      store = LakeStore.open(access);
    }

    @Override
    public LakeAccess access() {
      return access;
    }

    @Override
    public String address(String path) {
      return azurite.address(CONTAINER, path).toString();
    }

    @Override
    public void put(String path, Path from) {
      LakeAddress folder = LakeAddress.parse(address(path));
      try (Stream<Path> files = Files.walk(from)) {
        files
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(
                file ->
                    store.publish(file, folder.resolve(from.relativize(file).toString()).uri()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void remove(String path) {
      LakeAddress container =
          LakeAddress.parse(
              "abfs://" + CONTAINER + "@" + Azurite.ACCOUNT + ".dfs.core.windows.net");
      store.delete(container.resolve(path).uri());
    }

    @Override
    public long bytesSent() {
      return 0;
    }

    @Override
    public void cut() {
      azurite.stop();
    }

    @Override
    public void close() {
      try (Azurite last = azurite) {
        store.close();
      }
    }
  }

  @Override
  Lake start() {
    return new Emulator();
  }
}

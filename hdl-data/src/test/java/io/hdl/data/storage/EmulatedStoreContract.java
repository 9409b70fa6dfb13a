package io.hdl.data.storage;

import io.hdl.core.identity.Secret;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.testing.ObjectStoreContract;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What holds for the lake's store on an emulator: a folder of its own for each test. */
abstract class EmulatedStoreContract extends ObjectStoreContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private LakeStore store;
  private URI folder;

  /** Where an account of the emulator is reached. */
  protected abstract URI endpoint();

  /** The account's key. */
  protected abstract String accountKey();

  /** An address in the account. */
  protected abstract URI address(String path);

  @BeforeEach
  void open() {
    folder = address("test/" + NUMBER.incrementAndGet());
    LakeAccess access = LakeAccess.fromEnvironment().emulator(endpoint(), Secret.of(accountKey()));
    store = LakeStore.open(folder, access);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected URI folder() {
    return folder;
  }

  @Override
  protected URI foreign() {
    return URI.create("https://contoso.dfs.core.windows.net/curated/a");
  }

  @Override
  protected boolean hasEtags() {
    return true;
  }
}

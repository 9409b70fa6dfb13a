package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;

import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Uses a cache in a process of its own. Its lake notes each fetch as a file in a folder. */
public final class CacheProcess {
  static final long SIZE = 150_000;
  static final int FILES = 24;
  static final long QUOTA = 8 * SIZE;

  private CacheProcess() {}

  static List<RemoteFile> files() {
    List<RemoteFile> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      files.add(MadeUpLake.file("part-" + i + ".parquet", SIZE + i));
    }
    return files;
  }

  static CacheOrigin noting(Path log, long millisPerFetch) {
    return (file, partial, checkpoint) -> {
      note(log.resolve(MadeUpLake.name(file) + "=" + UUID.randomUUID()));
      Fetched fetched =
          MadeUpLake.write(
              file,
              partial,
              checkpoint,
              () -> java.util.concurrent.locks.LockSupport.parkNanos(millisPerFetch * 1_000_000));
      return fetched;
    };
  }

  private static void note(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads a file and says what is wrong with it. */
  static void check(LakeCache cache, RemoteFile file) throws IOException {
    try (HeldFile held = cache.hold(file, GO_ON)) {
      if (!Arrays.equals(Files.readAllBytes(held.path()), MadeUpLake.content(file))) {
        throw new AssertionError("wrong bytes of " + file + " in " + held.tier());
      }
    }
  }

  /**
   * {@code once LOG HOT WARM SEED} reads each file, with two threads; {@code churn LOG HOT WARM
   * SEED} reads files for ever in tiers that are too small for them; {@code stuck LOG HOT WARM
   * SEED} never ends its first fetch.
   */
  public static void main(String[] args) throws Exception {
    Path log = Path.of(args[1]);
    Random random = new Random(Long.parseLong(args[4]));
    boolean once = args[0].equals("once");
    long quota = once ? Long.MAX_VALUE : QUOTA;
    CacheTiers tiers = tiers(args[2], args[3], quota);
    CacheOrigin origin = noting(log, once ? 5 : 1);
    if (args[0].equals("stuck")) {
      origin =
          (file, partial, checkpoint) -> {
            note(log.resolve("stuck"));
            while (true) {
              java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
            }
          };
    }
    Heard heard = new Heard();
    try (LakeCache cache = LakeCache.open(tiers, origin, heard)) {
      System.out.println("ready");
      ExecutorService pool = Executors.newFixedThreadPool(2);
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        long seed = random.nextLong();
        work.add(
            pool.submit(
                () -> {
                  Random own = new Random(seed);
                  do {
                    List<RemoteFile> files = files();
                    Collections.shuffle(files, own);
                    try (FetchAhead ahead = cache.ahead(once ? List.of() : files.subList(0, 6))) {
                      for (RemoteFile file : files) {
                        check(cache, file);
                      }
                    }
                  } while (!once);
                  return null;
                }));
      }
      for (Future<?> each : work) {
        each.get();
      }
      pool.shutdown();
    }
    heard.warnings.forEach(System.out::println);
    System.out.println("done");
  }

  static CacheTiers tiers(String hot, String warm, long quota) {
    CacheTiers tiers = CacheTiers.none();
    if (!hot.equals("-")) {
      tiers = CacheTiers.hot(Path.of(hot), quota);
    }
    if (!warm.equals("-")) {
      tiers = tiers.warm(Path.of(warm), quota);
    }
    return tiers.keepFree(0).verify(Verification.CHECKSUM);
  }
}

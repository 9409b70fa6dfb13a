package io.hdl.data.transfer;

import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Fetches one file through a proxy that does one fault to it, once or for ever. */
final class FaultTrial {
  /** A file of this length, in four ranges at a time. */
  static final int SIZE = 4 << 20;

  static final int RANGE = 1 << 20;
  static final Duration DEADLINE = Duration.ofSeconds(3);
  static final RetryPolicy POLICY =
      RetryPolicy.builder()
          .deadline(Duration.ofSeconds(10))
          .maxTries(4)
          .firstDelay(Duration.ofMillis(50))
          .maxDelay(Duration.ofMillis(200))
          .seed(5)
          .build();

  /** What came of it when the file was fetched. */
  static final String WHOLE = "the file";

  /**
   * How a trial ended.
   *
   * @param outcome {@link #WHOLE}, or the code of the failure
   * @param message the failure's message, or nothing
   * @param seconds how long it took
   * @param bytesAgain bytes of bodies that the link carried beyond those of the file; if the file
   *     did not come, beyond those that are kept for the next fetch
   */
  record Result(String outcome, String message, double seconds, long bytesAgain) {}

  private FaultTrial() {}

  /** The first request gets the fault. */
  static Result once(Path folder, Fault fault) throws IOException {
    return run(folder, lake -> lake.proxy.next(fault), lake -> {});
  }

  /** Every request gets the fault. */
  static Result forEver(Path folder, Fault fault) throws IOException {
    return run(folder, lake -> lake.proxy.always(fault), lake -> {});
  }

  /** Nobody listens until the fetch looks around for the second time, 50 ms later. */
  static Result refusedForAMoment(Path folder) throws IOException {
    AtomicInteger looks = new AtomicInteger();
    return run(
        folder,
        lake -> lake.proxy.refuse(),
        lake -> {
          if (looks.incrementAndGet() == 2) {
            lake.proxy.heal();
          }
        });
  }

  /** Nobody listens. */
  static Result refused(Path folder) throws IOException {
    return run(folder, lake -> lake.proxy.refuse(), lake -> {});
  }

  private static Result run(Path folder, Consumer<LakeFile> before, Consumer<LakeFile> meanwhile)
      throws IOException {
    Path partial = Files.createTempDirectory(folder, "trial").resolve("part.tmp");
    FetchSettings settings =
        FetchSettings.defaults().ranges(RANGE, 4).retry(POLICY).deadline(DEADLINE);
    try (LakeFile lake = new LakeFile(SIZE, 9);
        Fetcher fetcher = Fetcher.of(lake.ranges, settings)) {
      before.accept(lake);
      String outcome = WHOLE;
      String message = "";
      long kept = SIZE;
      long start = System.nanoTime();
      try {
        fetcher.fetch(lake.throughProxy(), partial, () -> meanwhile.accept(lake));
        if (!Arrays.equals(Files.readAllBytes(partial), lake.content)) {
          throw new AssertionError("wrong bytes in a file that was said to be whole");
        }
      } catch (HdlException e) {
        outcome = e.code().name();
        message = String.valueOf(e.getMessage());
        kept = keptBytes(partial, lake.content);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Result(outcome, message, seconds, lake.proxy.bodyBytes() - kept);
    }
  }

  /** What the next fetch would take up; all of it must be the file's own bytes. */
  private static long keptBytes(Path partial, byte[] content) throws IOException {
    byte[] disk = Files.readAllBytes(partial);
    long kept = 0;
    try (Journal journal = Journal.open(Fetcher.journal(partial))) {
      for (Piece piece : journal.pieces()) {
        int from = (int) piece.from();
        int to = (int) piece.end();
        if (!Arrays.equals(disk, from, to, content, from, to)) {
          throw new AssertionError("wrong bytes are kept: " + piece);
        }
        kept += piece.length();
      }
    }
    return kept;
  }
}

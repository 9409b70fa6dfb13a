package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.storage.ObjectChangedException;
import io.hdl.data.storage.RangeReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Brings files of the lake to this machine, each byte over the link once.
 *
 * <pre>{@code
 * try (Fetcher fetcher = Fetcher.of(ranges, FetchSettings.defaults())) {
 *   Fetched fetched = fetcher.fetch(RemoteFile.of(uri, size), folder.resolve("part.tmp"), () -> {});
 * }
 * }</pre>
 *
 * <p>A file comes in parallel ranges, all of one version: the first answer's ETag goes as {@code
 * If-Match} with the others. Bytes are summed (CRC-32C) and written to their place as they arrive.
 * A range that breaks goes on from its last byte. A journal beside the partial file, {@code
 * <partial>.journal}, tells a later fetch, also one of another process, what is there; it believes
 * what the checksums prove, so that neither a crash nor a power failure can make a wrong byte pass.
 * A file that changes meanwhile is begun anew, never mixed.
 *
 * <p>When a fetch returns, the partial file is complete and the journal gone; forcing it to the
 * disk and renaming it are the caller's. When one fails both stay, for the next fetch or for the
 * caller to delete.
 *
 * <p>Thread-safe: any number of threads may fetch at once, each into a partial file of its own.
 */
public final class Fetcher implements AutoCloseable {
  private final RangeReader reader;
  private final FetchSettings settings;
  private final Buffers buffers = new Buffers();
  private final Set<FetchRun> runs = new HashSet<>();
  private int active;
  private boolean closed;

  private Fetcher(RangeReader reader, FetchSettings settings) {
    this.reader = reader;
    this.settings = settings;
  }

  /** A fetcher over a reader, which stays its owner's. */
  public static Fetcher of(RangeReader reader, FetchSettings settings) {
    return new Fetcher(reader, settings);
  }

  /** Where the journal of a partial file lies while the file is not complete. */
  public static Path journal(Path partial) {
    return Journal.beside(partial.toAbsolutePath());
  }

  /**
   * Fetches a file, taking up what an earlier fetch left.
   *
   * @param file what to fetch; a file of 0 bytes is made without asking the lake
   * @param partial where its bytes go; parent folders are created
   * @param checkpoint called on this thread about every 50 ms; what it throws ends the fetch and is
   *     passed on
   * @return its checksum and what it cost
   * @throws HdlException with {@code CORRUPT_DATA} if its length is not the expected one, or if it
   *     is another version and stays so ({@link ObjectChangedException}); {@code BUSY} if another
   *     fetch writes the partial file; {@code NO_SPACE} or {@code IO_FAILURE} for that file; {@code
   *     UNAVAILABLE} when the policy or the deadline gave up; {@code CANCELLED} if the thread was
   *     interrupted or the fetcher closed; and what {@link RangeReader#open} throws
   */
  public Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint) {
    begin(file);
    try (PartialFile to = PartialFile.open(partial, file, checkpoint)) {
      LongAdder bytesOnWire = new LongAdder();
      AtomicInteger tries = new AtomicInteger();
      long until = System.nanoTime() + settings.deadline().toNanos();
      int restarts = 0;
      boolean takenUp = to.bytes() > 0;
      while (true) {
        try {
          pass(file, to, checkpoint, until, bytesOnWire, tries);
          return new Fetched(file.size(), to.etag(), to.complete(), bytesOnWire.sum(), tries.get());
        } catch (ObjectChangedException e) {
          // What an earlier fetch left may be old: that is no change under this one.
          boolean mayBeOld = takenUp && bytesOnWire.sum() == 0;
          if (file.etag().isPresent()) {
            throw changed(file, "the version " + file.etag().get() + " is gone", e);
          }
          to.startOver();
          if (!mayBeOld && restarts++ >= settings.restarts()) {
            throw changed(file, "it changed " + restarts + " times while it was fetched", e);
          }
          takenUp = false;
        }
      }
    } finally {
      end();
    }
  }

  /** Ends all fetches, which fail with {@code CANCELLED}, and waits for their threads. */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      runs.forEach(FetchRun::stop);
      while (active > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(
      RemoteFile file,
      PartialFile to,
      Runnable checkpoint,
      long until,
      LongAdder bytesOnWire,
      AtomicInteger tries) {
    FetchRun run;
    synchronized (this) {
      refuseWhenClosed(file);
      run = new FetchRun(reader, file, settings, to, buffers, bytesOnWire, tries);
      runs.add(run);
    }
    try {
      run.await(checkpoint, until);
    } finally {
      synchronized (this) {
        runs.remove(run);
      }
    }
  }

  private synchronized void begin(RemoteFile file) {
    refuseWhenClosed(file);
    active++;
  }

  private synchronized void end() {
    active--;
    notifyAll();
  }

  private synchronized void refuseWhenClosed(RemoteFile file) {
    if (closed) {
      throw new HdlException(
          ErrorCode.CANCELLED, "Cannot fetch " + file.uri() + ": the fetcher was closed.");
    }
  }

  private static ObjectChangedException changed(
      RemoteFile file, String why, ObjectChangedException e) {
    return new ObjectChangedException(
        "Cannot fetch "
            + file.uri()
            + ": "
            + why
            + ". Data files of Delta tables never change: find out who writes it.",
        e);
  }
}

package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the log. Belongs to the writer's thread; {@link #failure}, {@link #thinned} and {@link
 * #force} may be called by others.
 */
final class LogStore implements Store {
  private static final int FLUSH_BYTES = 1 << 18;
  private static final long FORCE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path folder;
  private final OutboxSettings settings;
  private final LogFile.Opener opener;
  private final LongSupplier delivered;
  private final Backlog backlog;
  private final FileHashes hashes;
  private final DroppedSegments dropped;
  private final OutboxObserver observer;
  private final DiskSync sync = new DiskSync();
  private final MetricSieve sieve = new MetricSieve();
  private final RecordBuffer buffer = new RecordBuffer(FLUSH_BYTES + (1 << 16));
  private volatile @Nullable LogFile file;
  private long base;
  private long length;
  private long total;
  private int inBuffer;
  private long forcedAt;
  private boolean dirty;
  private boolean unforcedTold;
  private volatile @Nullable HdlException failure;

  /**
   * A log that goes on in a new file.
   *
   * @param base the place at which it goes on
   * @param total what its files hold together
   * @param delivered the place up to which everything is delivered
   */
  LogStore(
      Path folder,
      long base,
      long total,
      OutboxSettings settings,
      LogFile.Opener opener,
      LongSupplier delivered,
      Backlog backlog,
      FileHashes hashes,
      OutboxObserver observer) {
    this.folder = folder;
    this.base = base;
    this.total = total;
    this.settings = settings;
    this.opener = opener;
    this.delivered = delivered;
    this.backlog = backlog;
    this.hashes = hashes;
    this.dropped = new DroppedSegments(folder, observer::warning);
    this.observer = observer;
  }

  @Override
  public void add(int run, Item item, Entries pending) {
    if (item instanceof Item.Metric metric) {
      if (sieve.passes(run, metric, total, settings.maxBytes())) {
        pending.add(run, metric);
      }
    } else if (item instanceof Item.Upload upload) {
      for (Item.Upload file : ArtifactFiles.of(upload)) {
        pending.add(run, file);
        hashes.note(file);
      }
    } else {
      if (item instanceof Item.End) {
        sieve.release(run, pending);
      }
      pending.add(run, item);
    }
  }

  @Override
  public void addHeldBack(Entries pending) {
    sieve.release(pending);
  }

  @Override
  public void keep(Entries pending) {
    try {
      if (!pending.isEmpty()) {
        append(pending);
        failure = null;
      }
      if (dirty && System.nanoTime() - forcedAt >= FORCE_NANOS) {
        forceLater();
      }
      tellUnforced();
    } catch (IOException e) {
      failure = FileFailure.of("write the tracking log in", folder, e);
    } finally {
      buffer.clear();
      inBuffer = 0;
    }
  }

  private void append(Entries pending) throws IOException {
    EntryCodec.writeTime(buffer, settings.clock().millis());
    while (inBuffer < pending.size()) {
      EntryCodec.write(buffer, pending.run(inBuffer), pending.what(inBuffer));
      inBuffer++;
      if (buffer.size() >= Math.min(FLUSH_BYTES, settings.segmentBytes())) {
        flush(pending);
      }
    }
    if (buffer.size() > 0) {
      flush(pending);
    }
  }

  private void flush(Entries pending) throws IOException {
    LogFile to = current();
    int bytes = buffer.size();
    to.write(buffer.toWrite(), length);
    length += bytes;
    total += bytes;
    dirty = true;
    backlog.written(base + length, inBuffer);
    pending.removeFirst(inBuffer);
    inBuffer = 0;
    buffer.clear();
  }

  private LogFile current() throws IOException {
    LogFile open = file;
    if (open != null && length < settings.segmentBytes()) {
      return open;
    }
    LogFile next = opener.create(Segment.at(folder, base + length).file());
    if (open != null) {
      sync.retire(open);
    }
    base += length;
    length = 0;
    file = next;
    dropDelivered();
    return next;
  }

  private void dropDelivered() throws IOException {
    if (total <= settings.maxBytes()) {
      return;
    }
    for (Segment segment : Segment.in(folder)) {
      long bytes = Files.size(segment.file());
      if (segment.base() + bytes > delivered.getAsLong() || segment.base() >= base) {
        return;
      }
      dropped.drop(segment);
      total -= bytes;
      if (total <= settings.maxBytes()) {
        return;
      }
    }
  }

  private void tellUnforced() {
    IOException unforced = sync.failure();
    if (unforced != null && !unforcedTold) {
      unforcedTold = true;
      observer.diskFailed(FileFailure.of("bring to the disk the log in", folder, unforced));
    }
  }

  private void forceLater() {
    LogFile open = file;
    if (open != null) {
      sync.force(open);
    }
    dirty = false;
    forcedAt = System.nanoTime();
  }

  @Override
  public @Nullable HdlException failure() {
    return failure;
  }

  @Override
  public boolean force(Duration limit) {
    return failure == null && sync.await(file, limit);
  }

  @Override
  public long thinned() {
    return sieve.dropped();
  }

  @Override
  public void close() {
    LogFile open = file;
    if (open != null) {
      sync.retire(open);
    }
    sync.close();
  }
}

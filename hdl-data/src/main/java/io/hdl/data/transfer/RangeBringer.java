package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.storage.ObjectChangedException;
import io.hdl.data.storage.RangeReader;
import io.hdl.data.storage.RangeResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Brings spans of one file into its partial file, pinned to one version, and takes up a broken one
 * where it broke. Thread-safe.
 */
final class RangeBringer {
  /** What makes a try worth following with a fresh one. */
  private static final long PROGRESS = 1 << 16;

  /** With less room a TLS record does not fit: better to write first. */
  private static final int ROOM = 1 << 15;

  /** How long bytes may wait in memory, where a crash would lose them. */
  private static final long WAIT_NANOS = Duration.ofMillis(250).toNanos();

  private final RangeReader reader;
  private final RemoteFile file;
  private final FetchSettings settings;
  private final PartialFile partial;
  private final Runnable whenPinned;
  private final LongAdder bytesOnWire;
  private final AtomicInteger tries;

  RangeBringer(
      RangeReader reader,
      RemoteFile file,
      FetchSettings settings,
      PartialFile partial,
      Runnable whenPinned,
      LongAdder bytesOnWire,
      AtomicInteger tries) {
    this.reader = reader;
    this.file = file;
    this.settings = settings;
    this.partial = partial;
    this.whenPinned = whenPinned;
    this.bytesOnWire = bytesOnWire;
    this.tries = tries;
  }

  /** Brings a span, repeating as the policy says. */
  void bring(Span span, ByteBuffer buffer) {
    while (span.left() > 0) {
      settings
          .retry()
          .call(
              "fetch " + file.uri() + " (" + span + ")",
              attempt -> {
                attempt(span, buffer);
                return true;
              });
    }
  }

  /** One request; a failure after progress is none: the next one goes on from there. */
  private void attempt(Span span, ByteBuffer buffer) throws InterruptedException {
    long before = span.from();
    try {
      request(span, buffer);
    } catch (HdlException e) {
      if (!e.retryable() || span.from() - before < PROGRESS) {
        throw e;
      }
    }
  }

  private void request(Span span, ByteBuffer buffer) throws InterruptedException {
    Optional<String> wanted = partial.etag().or(file::etag);
    tries.incrementAndGet();
    String ifMatch = wanted.orElse(RangeReader.ANY_VERSION);
    try (RangeResponse response = reader.open(file.uri(), span.from(), span.left(), ifMatch)) {
      check(response, span, wanted);
      receive(response, span, buffer);
    }
  }

  private void receive(RangeResponse response, Span span, ByteBuffer buffer)
      throws InterruptedException {
    long left = response.length();
    long written = System.nanoTime();
    buffer.clear();
    try {
      while (left > 0) {
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + left));
        int count = response.read(buffer);
        if (count < 0) {
          throw new HdlException(
              ErrorCode.UNAVAILABLE,
              "Cannot read " + file.uri() + ": the answer ends " + left + " bytes early.");
        }
        bytesOnWire.add(count);
        left -= count;
        if (settings.bandwidth().isPresent()) {
          settings.bandwidth().get().used(count);
        }
        boolean room = buffer.capacity() - buffer.position() >= ROOM;
        if (left > 0 && room && System.nanoTime() - written < WAIT_NANOS) {
          continue;
        }
        if (left == 0) {
          ended(response, buffer);
        }
        write(span, buffer);
        written = System.nanoTime();
      }
    } catch (HdlException | InterruptedException e) {
      keep(span, buffer, e);
      throw e;
    }
  }

  /** A body that goes on past its end is not what its head says: its last bytes are not taken. */
  private static void ended(RangeResponse response, ByteBuffer buffer) {
    try {
      response.read(ByteBuffer.allocate(1));
    } catch (HdlException e) {
      buffer.clear();
      throw e;
    }
  }

  private void write(Span span, ByteBuffer buffer) {
    int bytes = buffer.flip().remaining();
    partial.write(buffer, span.from());
    span.movedOn(bytes);
    buffer.clear();
  }

  /** What arrived before a break counts; without a version mark nothing does. */
  private void keep(Span span, ByteBuffer buffer, Exception failure) {
    try {
      if (partial.etag().isEmpty()) {
        partial.startOver();
        span.backTo(0);
      } else {
        write(span, buffer);
      }
    } catch (HdlException e) {
      failure.addSuppressed(e);
    }
  }

  private void check(RangeResponse response, Span span, Optional<String> wanted) {
    Optional<String> etag = response.etag().filter(mark -> !mark.startsWith("W/"));
    if (wanted.isPresent() && etag.isPresent() && !etag.equals(wanted)) {
      throw new ObjectChangedException(
          "Cannot read " + file.uri() + ": it is version " + etag.get() + " now.");
    }
    if (response.objectSize() != file.size()) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          String.format(
              Locale.ROOT,
              "Cannot fetch %s: it has %,d bytes, but %,d were expected. Somebody replaced it.",
              file.uri(),
              response.objectSize(),
              file.size()));
    }
    if (response.from() != span.from() || response.length() > span.left()) {
      throw new HdlException(
          ErrorCode.UNAVAILABLE,
          "Cannot read " + file.uri() + ": the answer begins at " + response.from() + ".");
    }
    if (etag.isPresent()) {
      pin(etag.get());
    } else if (wanted.isPresent()) {
      throw new HdlException(
          ErrorCode.UNAVAILABLE,
          "Cannot read " + file.uri() + ": the answer has lost its ETag. Is a proxy in the way?");
    } else if (response.length() < file.size()) {
      throw new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "Cannot fetch "
              + file.uri()
              + ": the server gives no strong ETag, so that parts of two versions could not be"
              + " told apart. Fetch from a service that does, or over a mount.");
    }
  }

  private void pin(String etag) {
    @Nullable Runnable first = null;
    synchronized (this) {
      if (partial.etag().isEmpty()) {
        partial.pin(etag);
        first = whenPinned;
      } else if (!partial.etag().get().equals(etag)) {
        throw new ObjectChangedException(
            "Cannot read " + file.uri() + ": it is version " + etag + " now.");
      }
    }
    if (first != null) {
      first.run();
    }
  }
}

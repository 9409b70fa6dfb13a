package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * Ranges out of any object store: mounts, and file systems that Hadoop knows. The store's own
 * version mark pins an object, or else its time of change and its size, asked for before each
 * range. Thread-safe if the store is; closing the store is its owner's.
 */
public final class StoreRanges implements RangeReader {
  private static final int COPIED_AT_ONCE = 1 << 17;

  private final ObjectStore store;

  private StoreRanges(ObjectStore store) {
    this.store = store;
  }

  /** The ranges of a store's objects. */
  public static StoreRanges of(ObjectStore store) {
    return new StoreRanges(store);
  }

  @Override
  public RangeResponse open(URI object, long from, long length, String ifMatch) {
    if (from < 0 || length < 1) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "range: " + length + " bytes from " + from + " (expected: at least 1 from 0 on)");
    }
    ObjectStore.Stat stat =
        store
            .stat(object)
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.NOT_FOUND,
                        "Cannot read " + object + ": there is no such object. Check the address."));
    String mark = mark(stat);
    if (!ifMatch.equals(ANY_VERSION) && !ifMatch.equals(mark)) {
      throw new ObjectChangedException("Cannot read " + object + ": it is another version now.");
    }
    if (from + length > stat.size()) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot read "
              + object
              + ": it ends before bytes "
              + from
              + "-"
              + (from + length - 1)
              + "; it has "
              + stat.size()
              + ". It is shorter than it was said to be.");
    }
    return new Answer(object, from, length, stat.size(), mark, store.read(object, from, length));
  }

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are in it
  private static String mark(ObjectStore.Stat stat) {
    return stat.etag()
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT,
                    "\"%d.%09d-%d\"",
                    stat.modified().getEpochSecond(),
                    stat.modified().getNano(),
                    stat.size()));
  }

  private static final class Answer implements RangeResponse {
    private final URI object;
    private final long from;
    private final long length;
    private final long objectSize;
    private final String etag;
    private final InputStream in;
    private byte[] copy = new byte[0];
    private long left;

    Answer(URI object, long from, long length, long objectSize, String etag, InputStream in) {
      this.object = object;
      this.from = from;
      this.length = length;
      this.objectSize = objectSize;
      this.etag = etag;
      this.in = in;
      left = length;
    }

    @Override
    public long from() {
      return from;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public long objectSize() {
      return objectSize;
    }

    @Override
    public Optional<String> etag() {
      return Optional.of(etag);
    }

    @Override
    public int read(ByteBuffer into) {
      if (left == 0) {
        return -1;
      }
      int limit = into.limit();
      into.limit((int) Math.min(limit, into.position() + left));
      try {
        int count = into.hasArray() ? array(into) : copied(into);
        if (count < 0) {
          throw new IOException("it ends");
        }
        left -= count;
        return count;
      } catch (IOException e) {
        throw failure(e);
      } finally {
        into.limit(limit);
      }
    }

    private int array(ByteBuffer into) throws IOException {
      int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
      if (count > 0) {
        into.position(into.position() + count);
      }
      return count;
    }

    private int copied(ByteBuffer into) throws IOException {
      if (copy.length == 0) {
        copy = new byte[COPIED_AT_ONCE];
      }
      int count = in.read(copy, 0, Math.min(copy.length, into.remaining()));
      if (count > 0) {
        into.put(copy, 0, count);
      }
      return count;
    }

    private HdlException failure(IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        return new HdlException(
            ErrorCode.CANCELLED, "Cannot read " + object + ": the thread was interrupted.", e);
      }
      return new HdlException(
          ErrorCode.UNAVAILABLE,
          String.format(
              Locale.ROOT,
              "Cannot read %s: the range broke off after %,d of the %,d bytes from %,d on: %s.",
              object,
              length - left,
              length,
              from,
              e.getMessage()),
          e);
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        // It was only read.
      }
    }
  }
}

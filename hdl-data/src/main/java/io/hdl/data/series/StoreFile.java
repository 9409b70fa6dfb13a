package io.hdl.data.series;

import io.hdl.data.feed.Chunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file of a series store. From its beginning: a preamble of {@link #PREAMBLE_BYTES} bytes with
 * checksums (CRC-32C) of itself and the parts that follow; the segments, from {@link #DATA_AT} on;
 * the {@link StoreIndex}; the {@link StoreDescription}. Numbers are in the byte order of the
 * machine. Each series has a checksum in the index.
 *
 * <p>A file is written under a temporary name and appears whole; it is mapped, and never changed
 * afterwards, only unlinked. Preamble, index and description are verified at each opening; so are
 * the values of all series where the file is no larger than {@link #VERIFIED_AT_ONCE}. Beyond that
 * each series is verified before its first value is read.
 */
final class StoreFile {
  /**
   * Goes up with each change of the layout or of what is computed from the same rows: files of
   * another format are not read.
   */
  static final int FORMAT = 1;

  static final int PREAMBLE_BYTES = 64;
  static final int PAGE = 4096;
  static final long DATA_AT = PAGE;

  /** Up to this size all values are verified at each opening, at several GB per CPU second. */
  static final long VERIFIED_AT_ONCE = 1L << 29;

  private static final byte[] MAGIC = "hdlserie".getBytes(StandardCharsets.US_ASCII);
  private static final int BYTE_ORDER = 0x01020304;
  private static final int VERIFYING_THREADS = 4;

  /** A file that is not what it should be, and is built anew. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason, null, false, false);
    }
  }

  private StoreFile() {}

  static long pageAfter(long position) {
    return (position + PAGE - 1) / PAGE * PAGE;
  }

  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().clear());
    return (int) crc.getValue();
  }

  /**
   * Writes description and preamble behind what is written already; all of it is on its way to the
   * disk then.
   */
  static void complete(
      FileChannel channel, ByteBuffer index, long indexAt, StoreDescription description)
      throws IOException {
    ByteBuffer text = ByteBuffer.wrap(description.bytes());
    long textAt = indexAt + index.capacity();
    write(channel, text.duplicate(), textAt);
    ByteBuffer preamble =
        ByteBuffer.allocate(PREAMBLE_BYTES)
            .order(ByteOrder.nativeOrder())
            .put(MAGIC)
            .putInt(BYTE_ORDER)
            .putInt(FORMAT)
            .putLong(textAt + text.capacity())
            .putLong(indexAt)
            .putInt(index.capacity())
            .putInt(checksum(index))
            .putInt(text.capacity())
            .putInt(checksum(text));
    preamble.position(PREAMBLE_BYTES - Integer.BYTES);
    preamble.putInt(preambleChecksum(preamble));
    write(channel, preamble.flip(), 0);
  }

  private static int preambleChecksum(ByteBuffer preamble) {
    return checksum(preamble.slice(0, PREAMBLE_BYTES - Integer.BYTES));
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * Maps a store.
   *
   * @param threads number of threads that may verify it
   * @throws Unusable if it is not the store with this key, or damaged
   */
  static StoredSeries open(Path file, StoreKey key, int threads) throws IOException, Unusable {
    return open(file, key, threads, VERIFIED_AT_ONCE);
  }

  /** As {@link #open(Path, StoreKey, int)}, with another size up to which all is verified. */
  static StoredSeries open(Path file, StoreKey key, int threads, long verifiedAtOnce)
      throws IOException, Unusable {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer preamble = read(channel, 0, PREAMBLE_BYTES).order(ByteOrder.nativeOrder());
      checkPreamble(preamble, channel.size());
      long indexAt = preamble.getLong();
      int indexBytes = preamble.getInt();
      int indexChecksum = preamble.getInt();
      ByteBuffer text = read(channel, indexAt + indexBytes, preamble.getInt());
      require(checksum(text) == preamble.getInt(), "its description fails its checksum");
      StoreDescription description = describe(text);
      require(description.key().equals(key.text()), "it is another store");
      ByteBuffer index = map(channel, indexAt, indexBytes);
      require(checksum(index) == indexChecksum, "its index fails its checksum");
      ByteBuffer[] segments = new ByteBuffer[description.segments().length];
      long at = DATA_AT;
      for (int i = 0; i < segments.length; i++) {
        segments[i] = map(channel, at, description.segments()[i]);
        at += description.segments()[i];
      }
      Segments values = new Segments(segments);
      StoreLayout layout = new StoreLayout(description.channels());
      StoreIndex series =
          new StoreIndex(index, description.series(), description.constants().size());
      UnreadSeries unread = null;
      if (values.bytes() > verifiedAtOnce) {
        unread = new UnreadSeries(series, layout, file);
      } else {
        verify(series, layout, values, Math.min(threads, VERIFYING_THREADS));
      }
      return stored(description, series, values, unread);
    }
  }

  /** Reads the preamble up to its own length, which is the file's. */
  private static void checkPreamble(ByteBuffer preamble, long size) throws Unusable {
    byte[] magic = new byte[MAGIC.length];
    preamble.get(magic);
    require(Arrays.equals(magic, MAGIC), "it is no series store");
    require(preamble.getInt() == BYTE_ORDER, "it was written with another byte order");
    int format = preamble.getInt();
    if (format != FORMAT) {
      throw new Unusable("it has format " + format + ", not " + FORMAT);
    }
    int stated = preamble.getInt(PREAMBLE_BYTES - Integer.BYTES);
    require(stated == preambleChecksum(preamble), "its preamble fails its checksum");
    long total = preamble.getLong();
    if (size != total) {
      throw new Unusable("it has " + size + " bytes, not " + total);
    }
  }

  private static StoredSeries stored(
      StoreDescription description,
      StoreIndex index,
      Segments segments,
      @Nullable UnreadSeries unread) {
    SeriesStore store =
        new SeriesStore(
            description.axis(),
            description.channels(),
            description.constants(),
            SeriesKeys.sorted(index, description.parts()),
            index,
            segments,
            unread);
    return new StoredSeries(
        store,
        description.provenance(),
        description.facts(),
        description.warnings(),
        description.commit());
  }

  private static void verify(StoreIndex index, StoreLayout layout, Segments segments, int threads)
      throws Unusable {
    Verification verification = new Verification(index, layout, segments);
    StoreFinish.chunks(index.count()).run(StoreFinish.THREADS, threads, verification);
    int wrong = verification.wrong.get();
    if (wrong > 0) {
      throw new Unusable(wrong + " of its series fail their checksums");
    }
  }

  // Classes instead of lambdas, and no joined texts where all is well: the first of either costs a
  // fresh JVM 10 ms and more.
  private static final class Verification implements Chunks.Workers {
    private final StoreIndex index;
    private final StoreLayout layout;
    private final Segments segments;
    private final AtomicInteger wrong = new AtomicInteger();

    Verification(StoreIndex index, StoreLayout layout, Segments segments) {
      this.index = index;
      this.layout = layout;
      this.segments = segments;
    }

    @Override
    public Chunks.Worker worker(int thread) {
      CRC32C crc = new CRC32C();
      return new Chunks.Worker() {
        @Override
        public void work(int chunk, int from, int end) {
          for (int series = from; series < end; series++) {
            if (!UnreadSeries.matches(index, layout, segments, series, crc)) {
              wrong.incrementAndGet();
            }
          }
        }
      };
    }
  }

  private static StoreDescription describe(ByteBuffer text) throws Unusable {
    try {
      return StoreDescription.of(text);
    } catch (RuntimeException e) {
      throw new Unusable("its description cannot be read (" + e + ")");
    }
  }

  private static ByteBuffer read(FileChannel channel, long position, int bytes)
      throws IOException, Unusable {
    require(position >= 0 && bytes >= 0 && position + bytes <= channel.size(), "it is cut off");
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      require(channel.read(buffer, position + buffer.position()) >= 0, "it is cut off");
    }
    return buffer.flip();
  }

  private static ByteBuffer map(FileChannel channel, long position, int bytes)
      throws IOException, Unusable {
    require(position >= 0 && bytes >= 0 && position + bytes <= channel.size(), "it is cut off");
    return channel
        .map(FileChannel.MapMode.READ_ONLY, position, bytes)
        .order(ByteOrder.nativeOrder());
  }

  private static void require(boolean condition, String reason) throws Unusable {
    if (!condition) {
      throw new Unusable(reason);
    }
  }
}

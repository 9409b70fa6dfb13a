package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a log in order, also while it is written. What is damaged is passed over and
 * told; what follows it is found by its mark and checksum. Not thread-safe.
 */
final class LogReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final LongSupplier written;
  private final Listener listener;
  private @Nullable Segment segment;
  private @Nullable FileChannel channel;
  private ByteBuffer buffer = Frames.buffer(BUFFER).limit(0);

  /** Where the buffer's first byte lies in the file. */
  private long bufferAt;

  /** Where the next file begins, counted from this one; until there is one, far away. */
  private long closedAt = Long.MAX_VALUE;

  private int index;
  private int size;
  private long place;
  private long damagedFrom = -1;
  private long time;

  /** Hears of bytes that are no records. */
  @FunctionalInterface
  interface Listener {
    /**
     * Some bytes were passed over.
     *
     * @param atEnd whether nothing follows them in their file
     */
    void damaged(Segment segment, long from, long bytes, boolean atEnd);
  }

  /**
   * A reader that has read nothing yet.
   *
   * @param from the place of the first record to be read
   * @param written the place up to which records may be read
   */
  LogReader(Path folder, long from, LongSupplier written, Listener listener) {
    this.folder = folder;
    this.place = from;
    this.written = written;
    this.listener = listener;
  }

  /** Moves to the next record; false if none is written yet, and then it can be asked again. */
  boolean next() throws IOException {
    index += size;
    place += size;
    size = 0;
    while (true) {
      if (channel == null && !openNext()) {
        return false;
      }
      Frames.Found found = look();
      if (found == Frames.Found.RECORD) {
        tellDamage(false);
        size = Frames.size(buffer, index);
        if (kind() == EntryCodec.TIME) {
          time = EntryCodec.time(buffer, index);
        }
        return true;
      }
      if (index == buffer.limit()) {
        if (!isAtEnd()) {
          return false;
        }
        tellDamage(true);
        close();
      } else {
        if (damagedFrom < 0) {
          damagedFrom = place;
        }
        index++;
        place++;
      }
    }
  }

  /** Tells of damage at the end, where no further file follows; once nothing more is written. */
  void tellDamageAtEnd() {
    tellDamage(true);
  }

  /** What stands at the index, with as many bytes around it as that takes and as there are. */
  private Frames.Found look() throws IOException {
    Frames.Found found = Frames.at(buffer, index);
    int wanted = Frames.HEADER;
    while (found == Frames.Found.UNFINISHED) {
      int left = buffer.limit() - index;
      wanted = left < Frames.HEADER ? Frames.HEADER : Frames.size(buffer, index);
      if (!fill(wanted)) {
        return Frames.Found.UNFINISHED;
      }
      found = Frames.at(buffer, index);
    }
    return found;
  }

  /** Reads on until so many bytes follow the index; false if there are fewer. */
  private boolean fill(int wanted) throws IOException {
    FileChannel from = channel;
    Segment of = segment;
    if (from == null || of == null) {
      return false;
    }
    // In this order: what was written when no next file was there lies in this one, and the size
    // of a file that is being written may end in mid-record, but not before what was written.
    long readable = written.getAsLong() - of.base();
    if (readable > bufferAt + buffer.limit()) {
      lookForNext(of);
    }
    long end = Math.min(Math.min(readable, closedAt), from.size());
    long at = bufferAt + index;
    boolean enough = end - at >= wanted;
    if (end <= bufferAt + buffer.limit()) {
      return enough;
    }
    if (buffer.capacity() < wanted && enough) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(wanted, 2 * buffer.capacity()))
              .order(ByteOrder.LITTLE_ENDIAN);
      buffer = larger.limit(0);
    }
    buffer.clear();
    buffer.limit((int) Math.min(buffer.capacity(), end - at));
    while (buffer.hasRemaining() && from.read(buffer, at + buffer.position()) > 0) {
      // until it is full
    }
    buffer.flip();
    bufferAt = at;
    index = 0;
    return buffer.limit() >= wanted;
  }

  /** Finds out whether another file follows, and so nothing more will be written to this one. */
  private void lookForNext(Segment of) throws IOException {
    if (closedAt == Long.MAX_VALUE) {
      Segment next = following();
      closedAt = next == null ? Long.MAX_VALUE : next.base() - of.base();
    }
  }

  /** Whether the index stands at the end of a file that another one follows. */
  private boolean isAtEnd() throws IOException {
    FileChannel of = channel;
    return closedAt != Long.MAX_VALUE
        && of != null
        && bufferAt + index >= Math.min(closedAt, of.size());
  }

  private boolean openNext() throws IOException {
    if (written.getAsLong() <= place) {
      return false;
    }
    Segment found = following();
    FileChannel opened = null;
    while (found != null && opened == null) {
      try {
        opened = FileChannel.open(found.file(), StandardOpenOption.READ);
      } catch (NoSuchFileException removed) {
        found = following();
      }
    }
    if (found == null || opened == null) {
      return false;
    }
    segment = found;
    channel = opened;
    closedAt = Long.MAX_VALUE;
    // Behind the end of a file the next one is meant.
    place = Math.max(place, found.base());
    bufferAt = place - found.base();
    index = 0;
    buffer.clear().limit(0);
    return true;
  }

  /** The file behind the present one; without one, that of the place. */
  private @Nullable Segment following() throws IOException {
    // A folder that is listed while two files come may show the second one alone; then it has both.
    return listed() == null ? null : listed();
  }

  private @Nullable Segment listed() throws IOException {
    Segment before = segment;
    Segment found = null;
    for (Segment candidate : Segment.in(folder)) {
      if (before != null && candidate.base() > before.base()) {
        return candidate;
      }
      if (before == null && isRight(candidate, found)) {
        found = candidate;
      }
    }
    return found;
  }

  /** The last file that begins at the place or before it, else the first one behind it. */
  private boolean isRight(Segment candidate, @Nullable Segment found) {
    return found == null || candidate.base() <= place;
  }

  private void tellDamage(boolean atEnd) {
    Segment of = segment;
    if (damagedFrom >= 0 && of != null) {
      listener.damaged(of, damagedFrom, place - damagedFrom, atEnd);
    }
    damagedFrom = -1;
  }

  /** The place of the record. */
  long place() {
    return place;
  }

  /** The place behind the record. */
  long nextPlace() {
    return place + size;
  }

  byte kind() {
    return Frames.kind(buffer, index);
  }

  int run() {
    return EntryCodec.run(buffer, index);
  }

  /** About when the record was written, milliseconds since 1970; 0 if that is not known. */
  long time() {
    return time;
  }

  /** What it says; empty if this release does not understand it. */
  Optional<Object> entry() {
    return EntryCodec.read(buffer, index);
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}

package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is delivered, run by run, and what was about to be. A small file that is appended to, and
 * written anew from time to time; it is with the operating system when a method returns, and a
 * power failure makes it older, which costs a delivery that does no harm. Belongs to the sender's
 * thread; {@link #from} may be read by others.
 */
final class Acks implements AutoCloseable {
  private static final byte ACK = 20;
  private static final int NO_RUN = -1;
  private static final String TEMPORARY = ".hdl-acks";
  private static final int COMPACT_BYTES = 1 << 16;

  private final Path file;
  private final RecordBuffer buffer = new RecordBuffer(256);
  private final Map<Integer, Long> delivered = new TreeMap<>();
  private volatile long from;
  private long to;
  private long length;
  private @Nullable FileChannel channel;

  private Acks(Path file) {
    this.file = file;
  }

  /** What a file says; nothing if there is none. A torn end is passed over. */
  static Acks open(Path file) throws IOException {
    Acks acks = new Acks(file);
    if (Files.exists(file)) {
      ByteBuffer bytes = Frames.buffer((int) Files.size(file)).put(Files.readAllBytes(file)).flip();
      acks.read(bytes);
    }
    return acks;
  }

  private void read(ByteBuffer bytes) {
    int at = 0;
    while (at < bytes.limit()) {
      if (Frames.at(bytes, at) != Frames.Found.RECORD) {
        at++;
        continue;
      }
      if (Frames.kind(bytes, at) == ACK) {
        RecordReader in = new RecordReader(bytes, at);
        int run = in.run();
        long runTo = in.number();
        from = in.number();
        to = in.number();
        if (run >= 0) {
          delivered.put(run, runTo);
        }
      }
      at += Frames.size(bytes, at);
    }
  }

  /** The place before which everything is delivered. */
  long from() {
    return from;
  }

  /** The place up to which items were about to be delivered; what lies before it goes first. */
  long to() {
    return to;
  }

  /** The place before which everything of a run is delivered. */
  long deliveredOf(int run) {
    return delivered.getOrDefault(run, 0L);
  }

  /** The furthest place that it knows. */
  long furthest() {
    long furthest = Math.max(from, to);
    for (long place : delivered.values()) {
      furthest = Math.max(furthest, place);
    }
    return furthest;
  }

  /** Items up to a place are about to be delivered. */
  void offering(long place) throws IOException {
    to = place;
    append(NO_RUN, 0);
  }

  /** Everything of a run before a place is delivered, and everything of all runs before another. */
  void delivered(int run, long runTo, long all) throws IOException {
    delivered.put(run, runTo);
    from = all;
    append(run, runTo);
  }

  /** Nothing is delivered. */
  void rewind() throws IOException {
    delivered.replaceAll((run, place) -> 0L);
    from = 0;
    to = 0;
    FileChannel unused = compact();
    append(NO_RUN, 0);
  }

  private void append(int run, long runTo) throws IOException {
    FileChannel open = channel;
    if (open == null || length > COMPACT_BYTES) {
      open = compact();
    }
    buffer.clear();
    write(run, runTo);
    ByteBuffer bytes = buffer.toWrite();
    long at = length;
    while (bytes.hasRemaining()) {
      at += open.write(bytes, at);
    }
    length = at;
  }

  private void write(int run, long runTo) {
    buffer.begin(run).number(runTo).number(from).number(to).end(ACK);
  }

  private FileChannel compact() throws IOException {
    close();
    buffer.clear();
    write(NO_RUN, 0);
    delivered.forEach(this::write);
    byte[] bytes = new byte[buffer.size()];
    buffer.toWrite().get(bytes);
    Path temporary = file.resolveSibling(TEMPORARY);
    Files.write(temporary, bytes); // not forced: what a power failure makes older does no harm
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE);
    channel = opened;
    length = bytes.length;
    return opened;
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

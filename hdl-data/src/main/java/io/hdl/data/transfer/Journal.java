package io.hdl.data.transfer;

import io.hdl.core.storage.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Says which pieces of which version of a file were written to its partial file. It is never forced
 * to the disk: what it claims counts only as far as the pieces' checksums hold, so that it may lie
 * without harm after a power failure. Every entry carries a checksum of its own; what follows the
 * first one that is wrong is left out. Not thread-safe.
 */
final class Journal implements Closeable {
  /** What a journal is about. */
  record Subject(String uri, long size, String etag) {}

  private static final int MAGIC = 0x48444c31;
  private static final int ENTRY = 20;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer entry = ByteBuffer.allocateDirect(ENTRY);
  private @Nullable Subject subject;
  private List<Piece> pieces = List.of();
  private long end;

  private Journal(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static Path beside(Path partial) {
    return partial.resolveSibling(partial.getFileName() + ".journal");
  }

  /** Opens the journal at a path, or an empty one, and reads what it says. */
  static Journal open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Journal journal = new Journal(path, channel);
    try {
      journal.load();
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  FileChannel channel() {
    return channel;
  }

  /** What it is about; null if it says nothing. */
  @Nullable Subject subject() {
    return subject;
  }

  /** What it claimed when it was opened. */
  List<Piece> pieces() {
    return pieces;
  }

  /** Begins anew with what is known to be true. */
  void begin(Subject about, List<Piece> proven) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(about.uri());
    out.writeLong(about.size());
    out.writeUTF(about.etag());
    byte[] head = bytes.toByteArray();
    channel.truncate(0);
    end = 0;
    ByteBuffer buffer = ByteBuffer.allocate(12 + head.length);
    buffer.putInt(MAGIC).putInt(head.length).put(head).putInt(crc(ByteBuffer.wrap(head)));
    write(buffer.flip());
    subject = about;
    for (Piece piece : proven) {
      add(piece);
    }
  }

  /** Forgets everything. */
  void clear() throws IOException {
    channel.truncate(0);
    end = 0;
    subject = null;
  }

  /** Claims that a piece was written. */
  void add(Piece piece) throws IOException {
    entry.clear();
    entry.putLong(piece.from()).putInt(piece.length()).putInt(piece.crc32c());
    entry.putInt(crc(entry.duplicate().flip()));
    write(entry.flip());
  }

  /** Removes the file; the journal stays open until it is closed. */
  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw FileFailure.of("delete", path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void write(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      end += channel.write(buffer, end);
    }
  }

  private void load() throws IOException {
    // A journal has some kilobytes; what is longer than any can be is none.
    if (channel.size() < 12 || channel.size() > 1 << 28) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Until all is read.
    }
    bytes.flip();
    int magic = bytes.getInt();
    int length = bytes.getInt();
    if (magic != MAGIC || length < 0 || length > bytes.remaining() - 4) {
      return;
    }
    byte[] head = new byte[length];
    bytes.get(head);
    if (bytes.getInt() != crc(ByteBuffer.wrap(head))) {
      return;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(head));
    subject = new Subject(in.readUTF(), in.readLong(), in.readUTF());
    List<Piece> found = new ArrayList<>();
    while (bytes.remaining() >= ENTRY) {
      int sum = crc(bytes.slice().limit(ENTRY - 4));
      Piece piece = new Piece(bytes.getLong(), bytes.getInt(), bytes.getInt());
      if (bytes.getInt() != sum) {
        break;
      }
      found.add(piece);
    }
    pieces = List.copyOf(found);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}

package io.hdl.core.provenance;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether the files of a worktree are those of the commit, from git's index
 * (gitformat-index(5), versions 2 and 3): a tracked file that is missing or has other bytes makes
 * it dirty. A file with the index's size and time counts as unchanged, as for git. Not told: with
 * other index formats, with more than {@value #MOST_FILES} files, and while changes are staged (the
 * index then has no whole tree of its own). Files that git does not track are not looked at.
 */
final class GitIndex {
  static final int MOST_FILES = 5_000;

  private static final long MOST_BYTES = 8 << 20;
  private static final int HASH_BYTES = 20;
  private static final int EXTENDED = 0x4000;
  private static final int REGULAR = 0x8;

  private final Path worktree;
  private final ByteBuffer index;

  private GitIndex(Path worktree, ByteBuffer index) {
    this.worktree = worktree;
    this.index = index;
  }

  /** Whether a tracked file differs; empty if that cannot be told cheaply. */
  static Optional<Boolean> isDirty(Path worktree, Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
        return Optional.empty();
      }
      return new GitIndex(worktree, ByteBuffer.wrap(Files.readAllBytes(file))).isDirty();
    } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // another format, or git is writing it
    }
  }

  private Optional<Boolean> isDirty() throws IOException {
    byte[] mark = new byte[4];
    index.get(mark);
    int version = index.getInt();
    int entries = index.getInt();
    if (!Arrays.equals(mark, "DIRC".getBytes(StandardCharsets.US_ASCII))
        || version < 2
        || version > 3
        || entries > MOST_FILES) {
      return Optional.empty();
    }
    boolean differs = false;
    for (int i = 0; i < entries && !differs; i++) {
      differs = entryDiffers();
    }
    if (differs) {
      return Optional.of(true);
    }
    return hasWholeTree() ? Optional.of(false) : Optional.empty();
  }

  private boolean entryDiffers() throws IOException {
    int start = index.position();
    index.position(start + 8);
    long seconds = Integer.toUnsignedLong(index.getInt());
    long nanos = Integer.toUnsignedLong(index.getInt());
    index.position(start + 24);
    int mode = index.getInt();
    index.position(start + 36);
    long size = Integer.toUnsignedLong(index.getInt());
    byte[] hash = new byte[HASH_BYTES];
    index.get(hash);
    int flags = Short.toUnsignedInt(index.getShort());
    if ((flags & EXTENDED) != 0) {
      index.getShort();
    }
    int name = index.position();
    int end = name;
    while (index.get(end) != 0) {
      end++;
    }
    byte[] path = new byte[end - name];
    index.get(path);
    index.position(start + (end - start + 8) / 8 * 8);
    if (mode >>> 12 != REGULAR) {
      return false; // links and submodules are not looked at
    }
    return differs(
        new String(path, StandardCharsets.UTF_8),
        TimeUnit.SECONDS.toNanos(seconds) + nanos,
        size,
        hash);
  }

  private boolean differs(String path, long modified, long size, byte[] hash) throws IOException {
    Path file;
    BasicFileAttributes found;
    try {
      file = worktree.resolve(path);
      found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | InvalidPathException e) {
      return true;
    }
    if (!found.isRegularFile() || (found.size() & 0xFFFF_FFFFL) != size) {
      return true;
    }
    return found.lastModifiedTime().to(TimeUnit.NANOSECONDS) != modified
        && (found.size() > MOST_BYTES || !Arrays.equals(blob(file), hash));
  }

  /** The name that git gives a file's bytes; it is git's choice of hash, nothing is protected. */
  @SuppressWarnings("deprecation")
  private static byte[] blob(Path file) throws IOException {
    HashFunction sha1 = Hashing.sha1();
    byte[] bytes = Files.readAllBytes(file);
    return sha1.newHasher()
        .putBytes(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII))
        .putBytes(bytes)
        .hash()
        .asBytes();
  }

  /**
   * The extension TREE names the tree of the commit while the index holds no other files than it:
   * staging a change makes its number of entries -1.
   */
  private boolean hasWholeTree() {
    byte[] name = new byte[4];
    while (index.remaining() > HASH_BYTES + 8) {
      index.get(name);
      int size = index.getInt();
      if (Arrays.equals(name, "TREE".getBytes(StandardCharsets.US_ASCII))) {
        // The root's path is empty: a zero byte, then the number of entries in digits.
        return index.get() == 0 && index.get() != '-';
      }
      index.position(index.position() + size);
    }
    return false;
  }
}

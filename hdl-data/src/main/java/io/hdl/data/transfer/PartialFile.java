package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being fetched, with its journal beside it, held by one fetch at a time (a lock on
 * the journal, where the file system has locks). What an earlier fetch left is kept as far as its
 * checksums hold. Thread-safe.
 */
final class PartialFile implements Closeable {
  private final Path path;
  private final RemoteFile file;
  private final FileChannel data;
  private final Journal journal;
  private final List<Piece> pieces = new ArrayList<>();

  /** Held while a file is written, for an interrupt would close it under the other threads. */
  private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock();

  /** The kernel lets one thread at a time write a file; those that wait there burn CPU time. */
  private final ReentrantLock atATime = new ReentrantLock();

  private @Nullable String etag;

  private PartialFile(Path path, RemoteFile file, FileChannel data, Journal journal) {
    this.path = path;
    this.file = file;
    this.data = data;
    this.journal = journal;
  }

  /**
   * Opens it and checks what is there.
   *
   * @param checkpoint called between the pieces that are checked; may throw to end this
   */
  static PartialFile open(Path path, RemoteFile file, Runnable checkpoint) {
    Path absolute = path.toAbsolutePath();
    Journal journal = null;
    FileChannel data = null;
    try {
      Files.createDirectories(absolute.getParent());
      journal = Journal.open(Journal.beside(absolute));
      lock(journal, absolute);
      data =
          FileChannel.open(
              absolute,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      PartialFile partial = new PartialFile(absolute, file, data, journal);
      try {
        partial.takeUp(checkpoint);
      } catch (IOException e) {
        throw partial.failure("read", e);
      }
      return partial;
    } catch (IOException e) {
      throw closing(data, journal, FileFailure.of("write", absolute, e));
    } catch (RuntimeException e) {
      throw closing(data, journal, e);
    }
  }

  /** The version whose bytes it holds; empty if it holds none. */
  synchronized Optional<String> etag() {
    return Optional.ofNullable(etag);
  }

  /** How many bytes are there. */
  synchronized long bytes() {
    return pieces.stream().mapToLong(Piece::length).sum();
  }

  /** What is not there yet, in pieces of at most so many bytes. */
  synchronized List<Span> missing(int longest) {
    List<Span> missing = new ArrayList<>();
    long at = 0;
    for (Piece piece : sorted()) {
      Span.split(at, piece.from(), longest, missing);
      at = piece.end();
    }
    Span.split(at, file.size(), longest, missing);
    return missing;
  }

  /** From now on bytes of this version are written. */
  void pin(String version) {
    Journal.Subject subject = new Journal.Subject(file.uri().toString(), file.size(), version);
    change(
        () -> {
          synchronized (this) {
            etag = version;
            journal.begin(subject, pieces);
          }
        });
  }

  /** Writes bytes to their place, then notes them in the journal. */
  void write(ByteBuffer bytes, long from) {
    int length = bytes.remaining();
    if (length == 0) {
      return;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    Piece piece = new Piece(from, length, (int) crc.getValue());
    change(
        () -> {
          atATime.lock();
          try {
            for (long at = from; bytes.hasRemaining(); ) {
              at += data.write(bytes, at);
            }
          } finally {
            atATime.unlock();
          }
          synchronized (this) {
            if (etag != null) {
              journal.add(piece);
            }
            pieces.add(piece);
          }
        });
  }

  /** Forgets everything: the file is another version. */
  void startOver() {
    change(
        () -> {
          synchronized (this) {
            journal.clear();
            data.truncate(0);
            pieces.clear();
            etag = null;
          }
        });
  }

  /** Interrupts threads that may be writing, but not while they do. */
  void interrupt(List<Thread> threads) {
    writing.writeLock().lock();
    try {
      threads.forEach(Thread::interrupt);
    } finally {
      writing.writeLock().unlock();
    }
  }

  /**
   * Checks that every byte is there once, and removes the journal.
   *
   * @return the CRC-32C of the file
   */
  synchronized long complete() {
    Crc32cSum sum = new Crc32cSum();
    long at = 0;
    for (Piece piece : sorted()) {
      if (piece.from() != at) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            path + ": a piece begins at " + piece.from() + ", the one before ends at " + at);
      }
      sum.append(piece.crc32c(), piece.length());
      at = piece.end();
    }
    long size = size();
    if (at != file.size() || size != file.size()) {
      throw new HdlException(
          ErrorCode.INTERNAL,
          path + ": " + size + " bytes, " + at + " noted, " + file.size() + " expected");
    }
    journal.delete();
    return sum.value();
  }

  @Override
  public void close() {
    try (journal;
        data) {
      pieces.clear();
    } catch (IOException e) {
      throw FileFailure.of("close", path, e);
    }
  }

  private interface Change {
    void run() throws IOException;
  }

  private void change(Change change) {
    writing.readLock().lock();
    boolean interrupted = Thread.interrupted();
    try {
      change.run();
    } catch (IOException e) {
      throw failure("write", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      writing.readLock().unlock();
    }
  }

  private HdlException failure(String action, IOException e) {
    return e instanceof ClosedByInterruptException
        ? new HdlException(
            ErrorCode.CANCELLED, "Cannot fetch " + file.uri() + ": the thread was interrupted.", e)
        : FileFailure.of(action, path, e);
  }

  private long size() {
    try {
      return data.size();
    } catch (IOException e) {
      throw failure("read the size of", e);
    }
  }

  private List<Piece> sorted() {
    List<Piece> sorted = new ArrayList<>(pieces);
    sorted.sort(Comparator.comparingLong(Piece::from));
    return sorted;
  }

  /** Keeps the pieces of the same version whose bytes are what the journal says. */
  private void takeUp(Runnable checkpoint) throws IOException {
    Journal.Subject subject = journal.subject();
    if (subject == null || !isOfThisFile(subject)) {
      startOver();
      return;
    }
    pieces.addAll(ProvenPieces.of(journal.pieces(), data, file.size(), checkpoint));
    if (data.size() > file.size()) {
      data.truncate(file.size());
    }
    pin(subject.etag());
  }

  private boolean isOfThisFile(Journal.Subject subject) {
    return subject.uri().equals(file.uri().toString())
        && subject.size() == file.size()
        && file.etag().map(subject.etag()::equals).orElse(true);
  }

  /** Freed when the journal is closed, or with the process. */
  @SuppressWarnings("resource")
  private static void lock(Journal journal, Path path) {
    boolean locked;
    try {
      locked = journal.channel().tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    } catch (IOException noLocksHere) {
      locked = true;
    }
    if (!locked) {
      throw new HdlException(
          ErrorCode.BUSY,
          "Cannot fetch into "
              + path
              + ": another fetch is writing it. Wait for it, or fetch into another file.");
    }
  }

  private static RuntimeException closing(
      @Nullable Closeable data, @Nullable Closeable journal, RuntimeException failure) {
    try (journal;
        data) {
      return failure;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }
}

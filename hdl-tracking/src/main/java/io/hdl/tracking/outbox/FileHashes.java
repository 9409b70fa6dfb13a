package io.hdl.tracking.outbox;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SHA-256 of files that are too large to be read while other items wait. They are read on a
 * thread of its own, {@code hdl-tracking-hash}, soon after they were reported, and what they had is
 * kept in a small text file beside the log, for whoever delivers them. A file that changed before
 * it was read has none. Thread-safe.
 */
final class FileHashes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileHashes.class);
  private static final String NAME = "hashes";
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) (\\d{1,18}) (\\d{1,18}) (\\S+)");

  private final Path kept;
  private final Map<Key, String> known = new ConcurrentHashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "hdl-tracking-hash");
            made.setDaemon(true);
            return made;
          });

  /** A file as it was when it was reported. */
  private record Key(Path file, long bytes, long modified) {}

  private FileHashes(Path kept) {
    this.kept = kept;
  }

  /** Those of a log's folder. */
  static FileHashes in(Path folder) throws IOException {
    FileHashes hashes = new FileHashes(folder.resolve(NAME));
    if (Files.exists(hashes.kept)) {
      for (String line : Files.readAllLines(hashes.kept)) {
        Matcher matcher = LINE.matcher(line); // the last one may be torn
        if (matcher.matches()) {
          hashes.known.put(
              new Key(
                  Path.of(URI.create(matcher.group(4))),
                  Long.parseLong(matcher.group(2)),
                  Long.parseLong(matcher.group(3))),
              matcher.group(1));
        }
      }
    }
    return hashes;
  }

  /** Reads an upload's file soon, if its hash was not taken yet. */
  void note(Item.Upload upload) {
    FilePrint print = upload.print().orElse(null);
    if (print == null || print.sha256().isPresent()) {
      return;
    }
    try {
      thread.execute(() -> read(new Key(upload.file(), print.bytes(), print.modified())));
    } catch (RejectedExecutionException closed) {
      // It is told by length and time.
    }
  }

  private void read(Key key) {
    try {
      String hash = MoreFiles.asByteSource(key.file()).hash(Hashing.sha256()).toString();
      BasicFileAttributes now = Files.readAttributes(key.file(), BasicFileAttributes.class);
      if (now.size() == key.bytes() && now.lastModifiedTime().toMillis() == key.modified()) {
        known.put(key, hash);
        String line =
            "%s %d %d %s%n".formatted(hash, key.bytes(), key.modified(), key.file().toUri());
        Files.writeString(kept, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      LOG.debug("No hash of {}: it is told by length and time", key.file(), e);
    }
  }

  /** An upload with its file's hash, if that is known by now. */
  Item.Upload complete(Item.Upload upload) {
    return upload
        .print()
        .filter(print -> print.sha256().isEmpty())
        .flatMap(
            print ->
                Optional.ofNullable(
                        known.get(new Key(upload.file(), print.bytes(), print.modified())))
                    .map(hash -> new FilePrint(print.bytes(), print.modified(), Optional.of(hash))))
        .map(print -> new Item.Upload(upload.name(), upload.file(), Optional.of(print)))
        .orElse(upload);
  }

  /** Nobody needs them any more. */
  void remove() throws IOException {
    thread.shutdownNow();
    join(Duration.ofSeconds(1));
    Files.deleteIfExists(kept);
  }

  /** Finishes what is being read, within some seconds. Idempotent. */
  @Override
  public void close() {
    thread.shutdown();
    if (!join(CLOSE_LIMIT)) {
      thread.shutdownNow();
      join(Duration.ofSeconds(1));
    }
  }

  private boolean join(Duration limit) {
    try {
      return thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

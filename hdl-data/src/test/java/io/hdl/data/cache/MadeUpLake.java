package io.hdl.data.cache;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.CRC32C;

/** A lake whose files have contents that follow from their names, and that counts what it gives. */
final class MadeUpLake implements CacheOrigin {
  static final Runnable GO_ON = () -> {};

  private static final int CHUNK = 1 << 14;
  private static final String TABLE = "abfss://curated@contoso.dfs.core.windows.net/retail/sales/";

  private final List<String> fetches = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentMap<String, RuntimeException> failures = new ConcurrentHashMap<>();
  private volatile Runnable whileFetching = () -> {};

  static RemoteFile file(String name, long size) {
    return RemoteFile.of(URI.create(TABLE + name), size);
  }

  static URI table() {
    return URI.create(TABLE);
  }

  /** The bytes of a file. */
  static byte[] content(RemoteFile file) {
    byte[] bytes = new byte[Math.toIntExact(file.size())];
    SplittableRandom random =
        new SplittableRandom(file.uri().getPath().hashCode() * 31L + file.size());
    random.nextBytes(bytes);
    return bytes;
  }

  /** Runs in the middle of each fetch. */
  void whileFetching(Runnable action) {
    whileFetching = action;
  }

  /** Lets fetches of a file fail. */
  void fail(String name, RuntimeException failure) {
    failures.put(name, failure);
  }

  void heal() {
    failures.clear();
  }

  /** The names of the files that were fetched, in that order. */
  List<String> fetches() {
    synchronized (fetches) {
      return List.copyOf(fetches);
    }
  }

  static String name(RemoteFile file) {
    return file.uri().toString().substring(TABLE.length());
  }

  @Override
  public Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint) {
    fetches.add(name(file));
    RuntimeException failure = failures.get(name(file));
    if (failure != null) {
      throw failure;
    }
    return write(file, partial, checkpoint, whileFetching);
  }

  /** Writes the file; what happens in the middle is up to an action. */
  static Fetched write(RemoteFile file, Path partial, Runnable checkpoint, Runnable middle) {
    byte[] bytes = content(file);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    try (OutputStream out = Files.newOutputStream(partial)) {
      int half = bytes.length / 2;
      out.write(bytes, 0, half);
      middle.run();
      for (int at = half; at < bytes.length; at += CHUNK) {
        checkpoint.run();
        out.write(bytes, at, Math.min(CHUNK, bytes.length - at));
      }
    } catch (IOException e) {
      boolean full = String.valueOf(e.getMessage()).contains("No space left");
      throw new HdlException(
          full ? ErrorCode.NO_SPACE : ErrorCode.IO_FAILURE, "Cannot write " + partial, e);
    }
    return new Fetched(
        bytes.length, Optional.of("\"etag-" + name(file) + "\""), crc.getValue(), bytes.length, 1);
  }
}

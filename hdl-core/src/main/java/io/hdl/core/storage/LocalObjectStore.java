package io.hdl.core.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of this machine and its mounts as objects: {@code file:} addresses and plain absolute
 * paths. Objects are regular files, symbolic links followed; folders are none, and neither are
 * files that are still being published. Holds nothing open; closing it does nothing. Thread-safe.
 */
public final class LocalObjectStore implements ObjectStore {
  /** A store of all local files. */
  public LocalObjectStore() {}

  @Override
  public boolean serves(URI uri) {
    return uri.getScheme() == null || uri.getScheme().equalsIgnoreCase("file");
  }

  @Override
  public Optional<Stat> stat(URI uri) {
    Path path = pathOf(uri);
    try {
      return statOf(path);
    } catch (IOException e) {
      throw FileFailure.of("read the size of", path, e);
    }
  }

  @Override
  public List<Stat> list(URI folder) {
    Path path = pathOf(folder);
    List<Stat> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(path)) {
      for (Path child : (Iterable<Path>) children::iterator) {
        if (!TemporaryName.matches(child)) {
          statOf(child).ifPresent(found::add);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw FileFailure.of("list", path, e);
    }
    found.sort(Comparator.comparing(Stat::uri));
    return List.copyOf(found);
  }

  @Override
  public InputStream read(URI uri, long offset, long length) {
    require(offset >= 0, "offset", offset);
    require(length >= 0, "length", length);
    Path path = pathOf(uri);
    if (Files.isDirectory(path)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND, "Cannot read " + path + ": it is a folder. Name a file in it.");
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        channel.position(offset);
        return new Range(Channels.newInputStream(channel), length);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileFailure.of("read", path, e);
    }
  }

  @Override
  public Stat publish(Path file, URI uri) {
    Path target = pathOf(uri);
    if (!Files.isRegularFile(file)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot publish "
              + file
              + " as "
              + target
              + ": it is no file. Name an existing file; a folder is published file by file.");
    }
    AtomicPublish.file(target, out -> Files.copy(file, out));
    return stat(uri)
        .orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.UNKNOWN_OUTCOME,
                    "Published "
                        + target
                        + ", but it is gone: somebody removed it meanwhile. Publish it again."));
  }

  @Override
  public void delete(URI uri) {
    Path path = pathOf(uri);
    if (Files.isDirectory(path)) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw FileFailure.of("delete", path, e);
    }
  }

  @Override
  public void close() {}

  private static Optional<Stat> statOf(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return attributes.isRegularFile()
        ? Optional.of(
            new Stat(
                path.toUri(),
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                Optional.empty()))
        : Optional.empty();
  }

  private Path pathOf(URI uri) {
    if (!serves(uri)) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "uri: " + uri + " (expected: a file: address or a path)");
    }
    try {
      Path path =
          uri.getScheme() == null
              ? Path.of(Objects.requireNonNullElse(uri.getPath(), ""))
              : Path.of(uri);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "uri: " + uri + " (expected: a file: address of this machine)",
          e);
    }
    throw new HdlException(
        ErrorCode.INVALID_ARGUMENT, "uri: " + uri + " (expected: an absolute path)");
  }

  private static void require(boolean condition, String name, long value) {
    if (!condition) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, name + ": " + value + " (expected: >= 0)");
    }
  }

  /** The first bytes of a stream. */
  private static final class Range extends InputStream {
    private final InputStream in;
    private long left;

    Range(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int b = in.read();
      left = b < 0 ? 0 : left - 1;
      return b;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      if (len == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int read = in.read(b, off, (int) Math.min(len, left));
      left = read < 0 ? 0 : left - read;
      return read;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(in.available(), left);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

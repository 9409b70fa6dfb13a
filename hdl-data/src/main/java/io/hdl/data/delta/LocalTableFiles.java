package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of a table in a folder of this machine. */
final class LocalTableFiles implements TableFiles {
  private final Path folder;
  private final String address;

  LocalTableFiles(Path folder, String address) {
    this.folder = folder;
    this.address = address;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public Location location() {
    return Location.LOCAL;
  }

  /** The table's folder, absolute. */
  Path root() {
    return folder.toAbsolutePath().normalize();
  }

  @Override
  public List<LogFile> log(TableVersion wanted) {
    if (!Files.exists(folder)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot open the table "
              + address
              + ": there is no such folder"
              + (address.equals(folder.toString()) ? "" : " as " + folder)
              + ". Check the path"
              + (folder.isAbsolute()
                  ? "."
                  : "; it is taken from " + Path.of("").toAbsolutePath() + "."));
    }
    Path log = folder.resolve("_delta_log");
    List<LogFile> found = new ArrayList<>();
    if (Files.isDirectory(log)) {
      try (Stream<Path> files = Files.list(log)) {
        for (Path file : (Iterable<Path>) files.sorted()::iterator) {
          // A name is all that is asked of most: their size and time are not looked up.
          found.add(new LogFile(String.valueOf(file.getFileName()), UNKNOWN_SIZE, Instant.EPOCH));
        }
      } catch (IOException e) {
        throw new HdlException(
            ErrorCode.IO_FAILURE, "Cannot list " + log + ": " + e.getMessage(), e);
      }
    }
    return found;
  }

  @Override
  public String whyNoLog() {
    Path log = folder.resolve("_delta_log");
    if (!Files.isDirectory(folder)) {
      return "it is a file";
    }
    return Files.isDirectory(log) ? "its _delta_log is empty" : "it has no folder _delta_log";
  }

  @Override
  public Path log(LogFile file) {
    return folder.resolve("_delta_log").resolve(file.name());
  }

  /** When a file of the log was last changed. */
  static Instant modified(Path file) throws IOException {
    return Instant.ofEpochMilli(
        Files.readAttributes(file, BasicFileAttributes.class).lastModifiedTime().toMillis());
  }

  @Override
  public void logAhead(List<LogFile> files) {}

  @Override
  public String resolve(String name) {
    return LogPath.resolve(root(), name).toString();
  }

  @Override
  public Held hold(String file, long size, Runnable checkpoint) {
    Path path = Path.of(file);
    return new Held() {
      @Override
      public Path path() {
        return path;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Ahead ahead(List<DataFile> files) {
    return () -> {};
  }
}

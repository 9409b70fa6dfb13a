package io.hdl.data.delta;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Local files as delta-standalone wants them, for reading alone. Hadoop's own local file system
 * logs a user in, looks for native code and writes checksum files; this one does none of that.
 * Hadoop makes it by its class.
 */
final class LocalHadoopFiles extends ReadOnlyFiles {
  private static final URI ROOT = URI.create("file:///");

  @Override
  public String getScheme() {
    return "file";
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    try {
      return stream(local(path));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    java.nio.file.Path folder = local(path);
    List<String> names;
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      names = files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
    List<FileStatus> found = new ArrayList<>(names.size());
    for (String name :
        (LogNames.isLog(folder) ? LogNames.visible(names) : names.stream()).sorted().toList()) {
      try {
        found.add(getFileStatus(new Path(path, name)));
      } catch (FileNotFoundException e) {
        // Cleaned up since the folder was listed.
      }
    }
    return found.toArray(new FileStatus[0]);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    java.nio.file.Path file = local(path);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStatus(
          attributes.size(),
          attributes.isDirectory(),
          1,
          1,
          attributes.lastModifiedTime().toMillis(),
          makeQualified(path));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }
}

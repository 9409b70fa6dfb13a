package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Delta Kernel's file access on local paths, through {@code java.nio} alone: no Hadoop file system,
 * no user login, no native code. Thread-safe.
 */
final class LocalFileIO implements FileIO {
  private final Map<String, String> settings;

  LocalFileIO(Map<String, String> settings) {
    this.settings = Map.copyOf(settings);
  }

  /** The path behind what Kernel calls a fully qualified path, which is never percent-encoded. */
  static Path path(String name) {
    if (!name.startsWith("file:")) {
      return Path.of(name);
    }
    String path = name.substring("file:".length());
    int slashes = 0;
    while (slashes + 1 < path.length() && path.charAt(slashes + 1) == '/') {
      slashes++;
    }
    return Path.of(path.substring(slashes));
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    Path from = path(filePath);
    Path folder = from.toAbsolutePath().getParent();
    if (folder == null) {
      throw new FileNotFoundException(filePath);
    }
    String first = String.valueOf(from.getFileName());
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names = files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw notFound(folder.toString(), e);
    }
    List<String> later =
        (LogNames.isLog(folder) ? LogNames.visible(names) : names.stream())
            .filter(name -> name.compareTo(first) >= 0)
            .sorted()
            .toList();
    List<FileStatus> found = new ArrayList<>(later.size());
    for (String name : later) {
      try {
        found.add(status(folder.resolve(name)));
      } catch (NoSuchFileException e) {
        // Cleaned up since the folder was listed.
      }
    }
    return Utils.toCloseableIterator(found.iterator());
  }

  private static FileNotFoundException notFound(String path, IOException cause) {
    FileNotFoundException e = new FileNotFoundException(path);
    e.initCause(cause);
    return e;
  }

  private static FileStatus status(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return FileStatus.of(
        file.toString(), attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    try {
      return status(path(path));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }

  @Override
  public String resolvePath(String path) {
    return path(path).toAbsolutePath().normalize().toString();
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    Files.createDirectories(path(path));
    return true;
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    return new LocalInput(path(path), fileSize);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new LocalOutput(path(path));
  }

  @Override
  public boolean delete(String path) throws IOException {
    return Files.deleteIfExists(path(path));
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return Optional.ofNullable(settings.get(confKey));
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    Path target = path(destPath);
    Path draft = draftOf(target);
    try {
      Files.copy(path(srcPath), draft);
      publish(draft, target, overwrite);
    } catch (NoSuchFileException e) {
      throw notFound(srcPath, e);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** A name beside the target for what is not complete yet; log readers pass over it. */
  static Path draftOf(Path target) {
    return target.resolveSibling(
        "." + target.getFileName() + "." + java.util.UUID.randomUUID() + ".tmp");
  }

  /**
   * Makes a complete draft appear under its name at one stroke. A hard link, unlike a rename, fails
   * where the name is taken: this is what two writers of one version are told apart by.
   */
  static void publish(Path draft, Path target, boolean overwrite) throws IOException {
    if (overwrite) {
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    try {
      Files.createLink(target, draft);
    } catch (UnsupportedOperationException e) {
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.move(draft, target);
      return;
    }
    Files.delete(draft);
  }
}

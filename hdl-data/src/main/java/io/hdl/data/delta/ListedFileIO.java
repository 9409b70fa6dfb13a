package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.delta.TableFiles.LogFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Delta Kernel's file access on a log that was listed once: names, sizes and times come from the
 * list, so that whoever writes meanwhile does not show; a file comes here when it is read.
 * Thread-safe.
 */
final class ListedFileIO implements FileIO {
  private static final String FOLDER = "_delta_log/";

  private final LogFolder log;
  private final Map<String, String> settings;

  ListedFileIO(LogFolder log, Map<String, String> settings) {
    this.log = log;
    this.settings = Map.copyOf(settings);
  }

  /** The name below the log's folder of what Kernel calls by its whole path. */
  private String name(String path) throws FileNotFoundException {
    String folder = LogRoot.of(log.table()) + "/" + FOLDER;
    if (!path.startsWith(folder)) {
      throw new FileNotFoundException(path);
    }
    return path.substring(folder.length());
  }

  private FileStatus status(LogFile file) {
    return FileStatus.of(
        LogRoot.of(log.table()) + "/" + FOLDER + file.name(),
        file.size(),
        file.modified().toEpochMilli());
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    String first = name(filePath);
    List<FileStatus> found =
        log.visible().stream()
            .filter(file -> file.name().compareTo(first) >= 0)
            .map(this::status)
            .toList();
    return Utils.toCloseableIterator(found.iterator());
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    return status(log.find(name(path)).orElseThrow(() -> new FileNotFoundException(path)));
  }

  @Override
  public String resolvePath(String path) {
    return path;
  }

  @Override
  public boolean mkdirs(String path) {
    throw readOnly();
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    return new InputFile() {
      @Override
      public long length() throws IOException {
        return local().length();
      }

      @Override
      public String path() {
        return path;
      }

      @Override
      public SeekableInputStream newStream() throws IOException {
        return local().newStream();
      }

      private LocalInput local() throws IOException {
        String name = name(path);
        if (log.find(name).isEmpty() && name.startsWith("_last_checkpoint")) {
          throw new FileNotFoundException(path);
        }
        try {
          // A sidecar is not listed: the checkpoint tells its size.
          LogFile file = log.find(name).orElse(new LogFile(name, fileSize, Instant.EPOCH));
          return new LocalInput(log.table().log(file), fileSize);
        } catch (HdlException e) {
          if (e.code() != ErrorCode.NOT_FOUND) {
            throw e;
          }
          FileNotFoundException gone = new FileNotFoundException(path);
          gone.initCause(e);
          throw gone;
        }
      }
    };
  }

  @Override
  public OutputFile newOutputFile(String path) {
    throw readOnly();
  }

  @Override
  public boolean delete(String path) {
    throw readOnly();
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return Optional.ofNullable(settings.get(confKey));
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("Tables of a lake are read, not written");
  }
}

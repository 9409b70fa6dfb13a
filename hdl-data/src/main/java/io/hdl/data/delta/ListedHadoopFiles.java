package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.delta.TableFiles.LogFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A log that was listed once as delta-standalone wants it: names, sizes and times come from the
 * list, a file comes here when it is read. Hadoop makes it by its class, so that the log is found
 * by a number in the configuration.
 */
final class ListedHadoopFiles extends ReadOnlyFiles {
  /** The setting that holds the number of the log. */
  static final String LOG = "hdl.table.log";

  private static final AtomicLong NEXT = new AtomicLong();
  private static final Map<String, LogFolder> LOGS = new ConcurrentHashMap<>();

  private URI root = URI.create("abfss:///");

  /** A log that can be found for as long as this is open. */
  record Registration(String id) implements AutoCloseable {
    @Override
    public void close() {
      LOGS.remove(id);
    }
  }

  static Registration register(LogFolder log) {
    String id = Long.toString(NEXT.incrementAndGet());
    LOGS.put(id, log);
    return new Registration(id);
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    root = URI.create(name.getScheme() + "://" + name.getRawAuthority());
  }

  @Override
  public String getScheme() {
    return root.getScheme();
  }

  @Override
  public URI getUri() {
    return root;
  }

  private LogFolder log() {
    return Objects.requireNonNull(LOGS.get(getConf().get(LOG)), "a log that is not open");
  }

  private Path folder() {
    return new Path(LogRoot.of(log().table()), "_delta_log");
  }

  private LogFile find(Path path) throws FileNotFoundException {
    if (!makeQualified(folder()).equals(makeQualified(path.getParent()))) {
      throw new FileNotFoundException(path.toString());
    }
    return log().find(path.getName()).orElseThrow(() -> new FileNotFoundException(path.toString()));
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    LogFile file = find(path);
    try {
      return stream(log().table().log(file));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    } catch (HdlException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        throw notFound(path, e);
      }
      throw e;
    }
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    if (!makeQualified(folder()).equals(makeQualified(path))) {
      throw new FileNotFoundException(path.toString());
    }
    return log().visible().stream().map(this::status).toArray(FileStatus[]::new);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Path qualified = makeQualified(path);
    Path folder = makeQualified(folder());
    if (qualified.equals(folder) || qualified.equals(folder.getParent())) {
      return new FileStatus(0, true, 1, 1, 0, qualified);
    }
    return status(find(path));
  }

  private FileStatus status(LogFile file) {
    return new FileStatus(
        file.size(),
        false,
        1,
        1,
        file.modified().toEpochMilli(),
        makeQualified(new Path(folder(), file.name())));
  }
}

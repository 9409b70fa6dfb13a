package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.cache.FetchAhead;
import io.hdl.data.cache.HeldFile;
import io.hdl.data.cache.LakeCache;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of one table of a lake: each through the cache. */
final class LakeFiles implements TableFiles, AutoCloseable {
  private final LakeAddress root;
  private final LakeCache cache;
  private final LakeLog log;
  private final VectorFiles vectors;

  LakeFiles(LakeAddress root, LakeLink link, LakeCache cache, Runnable checkpoint) {
    this.root = root;
    this.cache = cache;
    this.log = new LakeLog(root, link, cache, checkpoint);
    this.vectors = new VectorFiles(link, cache);
  }

  LakeLog log() {
    return log;
  }

  VectorFiles vectors() {
    return vectors;
  }

  @Override
  public String address() {
    return root.toString();
  }

  @Override
  public Location location() {
    return Location.REMOTE;
  }

  @Override
  public List<LogFile> log(TableVersion wanted) {
    return log.list(wanted);
  }

  @Override
  public String whyNoLog() {
    return "its folder _delta_log is missing or empty";
  }

  @Override
  public Path log(LogFile file) {
    return log.bring(file);
  }

  @Override
  public void logAhead(List<LogFile> files) {
    log.ahead(files);
  }

  @Override
  public String resolve(String name) {
    try {
      URI uri = URI.create(name);
      if (uri.getPath() == null || uri.getPath().isEmpty()) {
        throw new IllegalArgumentException("no path");
      }
      if (uri.getScheme() == null) {
        return root.resolve(uri.getPath()).toString();
      }
      LakeAddress file = LakeAddress.of(uri);
      if (file.host().equals(root.host()) && file.container().equals(root.container())) {
        return file.toString();
      }
    } catch (IllegalArgumentException e) {
      throw noPath(name, e);
    } catch (HdlException e) {
      if (name.indexOf("://") < 0) {
        throw noPath(name, e);
      }
    }
    throw new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot read the data file "
            + name
            + " of the table "
            + root
            + ": it lies on another store, as in a shallow clone. Read the table that it was cloned"
            + " from.");
  }

  private HdlException noPath(String name, Exception e) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the log of the table "
            + root
            + ": \""
            + name
            + "\" is no path of a data file ("
            + e.getMessage()
            + "). Repair the table where it is written, or choose another version.",
        e);
  }

  @Override
  public Held hold(String address, long size, Runnable checkpoint) {
    URI uri = URI.create(address);
    HeldFile held =
        cache.hold(size == UNKNOWN_SIZE ? vectors.file(uri) : RemoteFile.of(uri, size), checkpoint);
    return new Held() {
      @Override
      public Path path() {
        return held.path();
      }

      @Override
      public void close() {
        held.close();
      }
    };
  }

  @Override
  public Ahead ahead(List<DataFile> files) {
    FetchAhead ahead = cache.ahead(remote(files));
    return ahead::close;
  }

  /** Data files with those of their deletion vectors, each once, in the order of reading. */
  List<RemoteFile> remote(List<DataFile> files) {
    vectors.find(files);
    List<RemoteFile> remote = new ArrayList<>();
    for (DataFile file : files) {
      remote.add(RemoteFile.of(URI.create(file.address()), file.size()));
      file.deletionVector()
          .flatMap(vector -> vector.file())
          .map(address -> vectors.file(URI.create(address)))
          .filter(vector -> !remote.contains(vector))
          .ifPresent(remote::add);
    }
    return remote;
  }

  @Override
  public void close() {
    log.close();
  }
}

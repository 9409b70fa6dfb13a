package io.hdl.data.storage;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * A Hadoop file system in place of a connector: the setting {@code bucket.root} names the folder
 * that its files lie in. Addresses have a bucket, as those of an object store.
 */
final class BucketFiles extends RawLocalFileSystem {
  private @Nullable URI uri;
  private String root = "";

  /** For Hadoop. */
  BucketFiles() {}

  @Override
  public void initialize(URI address, Configuration settings) throws IOException {
    super.initialize(URI.create("file:///"), settings);
    uri = URI.create(address.getScheme() + "://" + address.getAuthority());
    root = settings.get("bucket.root");
    setConf(settings);
  }

  @Override
  public URI getUri() {
    // Asked for by the constructor above, too.
    return uri == null ? super.getUri() : uri;
  }

  @Override
  protected void checkPath(Path path) {}

  @Override
  public File pathToFile(Path path) {
    return new File(root + path.toUri().getPath());
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    File file = pathToFile(path);
    if (!file.exists()) {
      throw new FileNotFoundException(path.toString());
    }
    return new FileStatus(
        file.isDirectory() ? 0 : file.length(),
        file.isDirectory(),
        1,
        1,
        file.lastModified(),
        path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    String[] names = pathToFile(path).list();
    if (names == null) {
      return new FileStatus[] {getFileStatus(path)};
    }
    FileStatus[] found = new FileStatus[names.length];
    for (int i = 0; i < names.length; i++) {
      found[i] = getFileStatus(new Path(path, names[i]));
    }
    return found;
  }
}

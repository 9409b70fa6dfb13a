package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.core.storage.TemporaryName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.PrivilegedExceptionAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.UserGroupInformation;

/** A container, bucket or cluster through a Hadoop file system of its own. Thread-safe. */
final class HadoopFiles implements LakeFiles {
  private static final Map<String, String> CONNECTORS =
      Map.of(
          "s3a", "org.apache.hadoop:hadoop-aws",
          "gs", "com.google.cloud.bigdataoss:gcs-connector",
          "hdfs", "org.apache.hadoop:hadoop-client-runtime");

  private final FileSystem files;
  private final String root;
  private final LakeEndpoint endpoint;
  private final String identity;
  private final RetryPolicy retry;

  private HadoopFiles(
      FileSystem files, String root, LakeEndpoint endpoint, String identity, RetryPolicy retry) {
    this.files = files;
    this.root = root;
    this.endpoint = endpoint;
    this.identity = identity;
    this.retry = retry;
  }

  /** The files of a container; connects when they are asked for. */
  static HadoopFiles abfs(
      LakeAddress address,
      LakeEndpoint endpoint,
      Configuration settings,
      String identity,
      RetryPolicy retry) {
    String root = HadoopSettings.root(address, endpoint);
    StorageFailure where = new StorageFailure(address, endpoint, identity);
    try {
      return new HadoopFiles(create(root, settings), root, endpoint, identity, retry);
    } catch (IOException | RuntimeException e) {
      throw HadoopFailure.of("open", where, e);
    }
  }

  /**
   * The files of another file system, with the settings of the {@code core-site.xml} on the class
   * path.
   */
  static HadoopFiles other(LakeAddress address, RetryPolicy retry, Configuration settings) {
    LakeEndpoint endpoint = new LakeEndpoint(URI.create(address.root()), false);
    try {
      FileSystem files = create(address.root(), settings);
      return new HadoopFiles(
          files, address.root(), endpoint, "what core-site.xml configures", retry);
    } catch (UnsupportedFileSystemException e) {
      throw noConnector(address, e);
    } catch (IOException e) {
      throw HadoopFailure.of(
          "open", new StorageFailure(address, endpoint, "what core-site.xml configures"), e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException) {
        throw noConnector(address, e);
      }
      throw e;
    }
  }

  /** As a user without a login: Hadoop's own looks for one that this machine may not have. */
  private static FileSystem create(String root, Configuration settings) throws IOException {
    try {
      return UserGroupInformation.createRemoteUser(System.getProperty("user.name", "hdl"))
          .doAs(
              (PrivilegedExceptionAction<FileSystem>)
                  () -> FileSystem.newInstance(URI.create(root), settings));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HdlException(ErrorCode.CANCELLED, "Interrupted while opening " + root, e);
    }
  }

  private static HdlException noConnector(LakeAddress address, Exception e) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot open "
            + address
            + ": Hadoop's connector for "
            + address.scheme()
            + ": is not on the class path. Add "
            + CONNECTORS.getOrDefault(address.scheme(), "it")
            + " of a release that fits Hadoop 3.4.",
        e);
  }

  @Override
  public Optional<Stat> stat(LakeAddress file) {
    return call("read the size of", file, () -> status(file))
        .filter(FileStatus::isFile)
        .map(status -> stat(file, status));
  }

  @Override
  public List<Stat> list(LakeAddress folder, String firstName) {
    FileStatus[] found =
        call(
            "list",
            folder,
            () -> {
              try {
                return files.listStatus(path(folder));
              } catch (IOException e) {
                if (HadoopFailure.isAbsent(e)) {
                  return new FileStatus[0];
                }
                throw e;
              }
            });
    List<Stat> stats = new ArrayList<>();
    for (FileStatus status : found) {
      String name = status.getPath().getName();
      // Asked for a file, Hadoop gives that file.
      boolean below = !status.getPath().equals(path(folder));
      if (status.isFile()
          && below
          && name.compareTo(firstName) >= 0
          && !TemporaryName.matches(name)) {
        stats.add(stat(folder.resolve(name), status));
      }
    }
    stats.sort(Comparator.comparing(stat -> stat.uri().getPath()));
    return List.copyOf(stats);
  }

  @Override
  public InputStream read(LakeAddress file, long offset, long length) {
    return new LakeStream(
        offset,
        length,
        new LakeStream.Source() {
          @Override
          public FileStatus current() {
            return file(file);
          }

          @Override
          public FSDataInputStream open(FileStatus version, long position) throws IOException {
            return HadoopFiles.this.open(version, position);
          }

          @Override
          public int repeat(Call<Integer> read) {
            return call("read", file, read);
          }
        });
  }

  private FileStatus file(LakeAddress file) {
    FileStatus status =
        call("read", file, () -> status(file))
            .orElseThrow(() -> where(file).broken("read", new FileNotFoundException()));
    if (status.isDirectory()) {
      throw new HdlException(
          ErrorCode.NOT_FOUND, "Cannot read " + file + ": it is a folder. Name a file in it.");
    }
    return status;
  }

  private FSDataInputStream open(FileStatus status, long position) throws IOException {
    try {
      // With the facts at hand: no second request for them, and the version stays the same.
      FSDataInputStream in = files.openFile(status.getPath()).withFileStatus(status).build().get();
      in.seek(position);
      return in;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /**
   * On a cluster by a rename, which is one step there; elsewhere, where a rename is a copy, what is
   * written appears when it is closed.
   */
  @Override
  public Stat publish(java.nio.file.Path source, LakeAddress target) {
    if (!Files.isRegularFile(source)) {
      throw Upload.noFile(source, target);
    }
    call(
        "publish",
        target,
        () -> {
          Path path = path(target);
          if (files instanceof DistributedFileSystem cluster) {
            Path temporary = new Path(path.getParent(), TemporaryName.of(path.getName()));
            copy(source, temporary);
            cluster.rename(temporary, path, Options.Rename.OVERWRITE);
          } else {
            copy(source, path);
          }
          return true;
        });
    return stat(target).orElseThrow(() -> where(target).broken("publish", new IOException("gone")));
  }

  private void copy(java.nio.file.Path source, Path target) throws IOException {
    try (FSDataOutputStream out = files.create(target, true)) {
      Files.copy(source, out);
    }
  }

  @Override
  public void delete(LakeAddress file) {
    call(
        "delete",
        file,
        () -> {
          Optional<FileStatus> there = status(file);
          if (there.isPresent() && there.get().isFile()) {
            try {
              return files.delete(path(file), false);
            } catch (IOException e) {
              if (!HadoopFailure.isAbsent(e)) {
                throw e;
              }
            }
          }
          return false;
        });
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot close " + root + ": " + e.getMessage(), e);
    }
  }

  /** What is there, if anything. */
  private Optional<FileStatus> status(LakeAddress address) throws IOException {
    try {
      return Optional.of(files.getFileStatus(path(address)));
    } catch (IOException e) {
      if (HadoopFailure.isAbsent(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A call of Hadoop's, as it may fail. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  private <T> T call(String action, LakeAddress address, Call<T> call) {
    return retry.call(
        action + " " + address,
        attempt -> {
          HadoopTokens.takeFailure();
          try {
            return call.run();
          } catch (IOException | RuntimeException e) {
            throw HadoopFailure.of(action, where(address), e);
          }
        });
  }

  private StorageFailure where(LakeAddress address) {
    return new StorageFailure(address, endpoint, identity);
  }

  private Path path(LakeAddress address) {
    URI uri = URI.create(root);
    return new Path(uri.getScheme(), uri.getRawAuthority(), "/" + address.path());
  }

  private static Stat stat(LakeAddress address, FileStatus status) {
    Optional<String> etag =
        status instanceof EtagSource source
            ? Optional.ofNullable(source.getEtag()).filter(text -> !text.isEmpty())
            : Optional.empty();
    return new Stat(
        address.uri(),
        status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()),
        etag.map(HadoopFiles::quoted));
  }

  /** As in the header, whatever the answer that it was found in. */
  private static String quoted(String etag) {
    return etag.startsWith("\"") || etag.toUpperCase(Locale.ROOT).startsWith("W/")
        ? etag
        : "\"" + etag + "\"";
  }
}

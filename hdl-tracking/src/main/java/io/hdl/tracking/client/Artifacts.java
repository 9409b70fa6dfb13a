package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files below one place, such as those of a run, through the tracking server ({@code
 * mlflow-artifacts:}). Thread-safe.
 */
public final class Artifacts {
  private final Http http;
  private final String root;

  /**
   * Files below a root.
   *
   * @param root the run's {@code artifact_uri}
   */
  Artifacts(Http http, String root) {
    this.http = http;
    this.root = root;
  }

  /**
   * Sends a file, or a folder with all that is in it, overwriting what has the same name. A file of
   * a folder that cannot be sent for its own fault holds up none of the others; the first such
   * failure is thrown at the end, with the others as suppressed ones.
   *
   * @param name path below the root, with forward slashes
   * @param limit the time that each file may need, and more for large ones
   * @throws HdlException if something did not arrive; see {@link #isFilesFault}
   */
  public void upload(String name, Path from, Duration limit) {
    URI base = base(name);
    if (!Files.isDirectory(from)) {
      put(base, name, from, limit);
      return;
    }
    @Nullable HdlException first = null;
    for (Path file : files(from)) {
      String below = from.relativize(file).toString().replace('\\', '/');
      try {
        put(base, name + "/" + below, file, limit);
      } catch (HdlException e) {
        if (!isFilesFault(e)) {
          throw e;
        }
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Whether a file could not be sent for a reason of its own, so that others may still arrive and
   * sending it again does not help: it is gone, unreadable, or refused. A server that is away or
   * refuses the caller is not the file's fault.
   */
  public static boolean isFilesFault(HdlException e) {
    return e instanceof ServerException refusal
        ? refusal.refusesContent()
        : e.code() == ErrorCode.UNSUPPORTED_FEATURE
            || e.code() == ErrorCode.NOT_FOUND
            || e.code() == ErrorCode.IO_FAILURE;
  }

  private void put(URI base, String name, Path file, Duration limit) {
    String path =
        Arrays.stream(name.split("/", -1))
            .map(TrackingServer::encode)
            .collect(Collectors.joining("/"));
    http.put("send the artifact \"" + name + "\"", URI.create(base + "/" + path), file, limit);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot list the files of the artifact " + folder + ": " + e, e);
    }
  }

  private URI base(String name) {
    URI uri = URI.create(root);
    if (!"mlflow-artifacts".equals(uri.getScheme())) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot send the artifact \"%s\": the server keeps artifacts of this experiment at %s, which this release does not write to. Start the server with --serve-artifacts, or use an experiment whose artifacts it serves."
              .formatted(name, root));
    }
    String below = "/api/2.0/mlflow-artifacts/artifacts" + uri.getRawPath();
    if (uri.getRawAuthority() == null) {
      return http.server().endpoint(below);
    }
    return URI.create(http.server().base().getScheme() + "://" + uri.getRawAuthority() + below);
  }
}

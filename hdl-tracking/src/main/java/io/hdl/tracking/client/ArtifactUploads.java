package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends files to the place of a run's artifacts, through the tracking server ({@code
 * mlflow-artifacts:}).
 */
final class ArtifactUploads {
  private final Http http;
  private final String root;

  /**
   * Uploads below a root.
   *
   * @param root the run's {@code artifact_uri}
   */
  ArtifactUploads(Http http, String root) {
    this.http = http;
    this.root = root;
  }

  /**
   * Sends a file, or a folder with all that is in it, overwriting what has the same name.
   *
   * @return why files cannot be sent for good; empty if all of them arrived
   * @throws HdlException if the server is away or refuses the caller
   */
  List<HdlException> upload(Item.Upload upload, Duration limit) {
    List<HdlException> refused = new ArrayList<>();
    try {
      URI base = base(upload.name());
      Path from = upload.file();
      if (!Files.isDirectory(from)) {
        put(base, upload.name(), from, limit);
        return refused;
      }
      for (Path file : files(from)) {
        String below = from.relativize(file).toString().replace('\\', '/');
        try {
          put(base, upload.name() + "/" + below, file, limit);
        } catch (HdlException e) {
          setAside(e, refused);
        }
      }
    } catch (HdlException e) {
      setAside(e, refused);
    }
    return refused;
  }

  /** A server that is away is not the file's fault. */
  private static void setAside(HdlException e, List<HdlException> refused) {
    boolean filesFault =
        e instanceof ServerException refusal
            ? refusal.refusesContent()
            : e.code() == ErrorCode.UNSUPPORTED_FEATURE
                || e.code() == ErrorCode.NOT_FOUND
                || e.code() == ErrorCode.IO_FAILURE;
    if (!filesFault) {
      throw e;
    }
    refused.add(e);
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

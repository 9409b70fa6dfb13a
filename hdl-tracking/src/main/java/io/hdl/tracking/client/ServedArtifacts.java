package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that a tracking server serves itself ({@code mlflow-artifacts:}). Large ones go to the
 * store behind it in parts, by signed addresses, where the server has such a store.
 */
final class ServedArtifacts implements ArtifactPlace {
  private static final String API = "/api/2.0/mlflow-artifacts/";

  private final Http http;
  private final Multipart multipart;
  private final URI api;
  private final String root;

  /**
   * Files below a root.
   *
   * @param api the address of the service, up to {@code mlflow-artifacts/}
   * @param root path of the root at that service, decoded, without slashes around it
   */
  private ServedArtifacts(Http http, Multipart multipart, URI api, String root) {
    this.http = http;
    this.multipart = multipart;
    this.api = api;
    this.root = root;
  }

  /** Below {@code mlflow-artifacts:/path}, {@code mlflow-artifacts://host:port/path}. */
  static ServedArtifacts of(Http http, Multipart multipart, URI root) {
    URI base = http.server().base();
    URI api =
        root.getRawAuthority() == null
            ? http.server().endpoint(API)
            : URI.create(base.getScheme() + "://" + root.getRawAuthority() + API);
    return new ServedArtifacts(http, multipart, api, trimmed(root.getPath()));
  }

  /** Below an {@code http(s):} address of the service itself. */
  static ServedArtifacts at(Http http, Multipart multipart, URI root) {
    String text = root.toString();
    int service = text.indexOf(API + "artifacts");
    if (service < 0) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot use the artifacts at "
              + root.getHost()
              + ": no address of MLflow's artifact service (expected: one with "
              + API
              + "artifacts/). Give the experiment another place for its artifacts.");
    }
    String path = root.getPath();
    return new ServedArtifacts(
        http,
        multipart,
        URI.create(text.substring(0, service) + API),
        trimmed(path.substring(path.indexOf(API) + (API + "artifacts").length())));
  }

  private static String trimmed(String path) {
    return path.replaceAll("^/+|/+$", "");
  }

  @Override
  public void put(String name, Path file, Duration idle) {
    String what = "send the artifact \"" + name + "\"";
    String path = ArtifactName.below(root, ArtifactName.forServer(name));
    long bytes = size(what, file);
    if (bytes >= multipart.fromBytes() && multipart.mayBeOffered(api)) {
      Optional<Multipart.Begun> begun = begin(what, path, bytes, idle);
      if (begun.isPresent()) {
        sendParts(what, path, file, bytes, begun.get(), idle);
        return;
      }
      multipart.notOffered(api);
    }
    Optional<String> unused =
        http.send(
            Call.put(
                    what,
                    address("artifacts/", path),
                    new Call.Part(file, 0, bytes),
                    Call.Identity.CREDENTIAL)
                .with("Content-Type", "application/octet-stream"),
            idle);
  }

  static long size(String what, Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot " + what + ": reading " + file + " failed: " + e, e);
    }
  }

  /** Asks for signed addresses; empty if the store behind the server has none. */
  private Optional<Multipart.Begun> begin(String what, String path, long bytes, Duration limit) {
    try {
      Map<String, Object> answer =
          mpu(
              what,
              "create/",
              path,
              Map.of("path", fileName(path), "num_parts", multipart.parts(bytes)),
              limit);
      return Optional.of(Multipart.Begun.of(what, answer));
    } catch (ServerException e) {
      if (e.status() == 501 || e.status() == 404 || e.status() == 405) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void sendParts(
      String what, String path, Path file, long bytes, Multipart.Begun begun, Duration idle) {
    try {
      List<Multipart.Sent> sent = multipart.send(http, what, file, bytes, begun.targets(), idle);
      Map<String, Object> unused =
          mpu(
              what,
              "complete/",
              path,
              Map.of(
                  "path",
                  fileName(path),
                  "upload_id",
                  begun.uploadId(),
                  "parts",
                  sent.stream().map(Multipart.Sent::json).toList()),
              idle);
    } catch (HdlException e) {
      try {
        Map<String, Object> unused =
            mpu(
                "give up to " + what,
                "abort/",
                path,
                Map.of("path", fileName(path), "upload_id", begun.uploadId()),
                idle);
      } catch (HdlException leftToTheStore) {
        e.addSuppressed(leftToTheStore);
      }
      throw e;
    }
  }

  /** The file's name goes into the body, its folder into the address. */
  private Map<String, Object> mpu(
      String what, String step, String path, Map<String, Object> request, Duration limit) {
    int slash = path.lastIndexOf('/');
    String answer =
        http.text(
            Call.json(
                what,
                "POST",
                address("mpu/" + step, slash < 0 ? "" : path.substring(0, slash)),
                Json.write(request)),
            limit);
    return Json.readObject(answer, "the answer of " + http.server());
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public List<Artifacts.Entry> list(String folder, Duration limit) {
    String path = ArtifactName.below(root, ArtifactName.forServer(folder));
    String asked = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String answer =
        http.text(
            Call.get(
                "list the artifacts \"" + folder + "\"",
                URI.create(api + "artifacts?" + Endpoints.query("path", asked))),
            limit);
    Object files =
        Json.readObject(answer, "the answer of " + http.server()).getOrDefault("files", List.of());
    List<Artifacts.Entry> found =
        ((List<?>) files).stream().map(file -> entry(folder, (Map<?, ?>) file)).toList();
    String itself = ArtifactName.below(folder, fileName(folder));
    boolean maybeItself =
        found.size() == 1
            && found.get(0).kind() == Artifacts.Kind.FILE
            && found.get(0).path().equals(itself);
    // Asked for a file, some stores give that file; but a folder may hold a file of its own name.
    return maybeItself && isFile(folder, limit) ? List.of() : found;
  }

  private boolean isFile(String name, Duration limit) {
    return find(name, limit).filter(entry -> entry.kind() == Artifacts.Kind.FILE).isPresent();
  }

  private Optional<Artifacts.Entry> find(String name, Duration limit) {
    int slash = name.lastIndexOf('/');
    return list(slash < 0 ? "" : name.substring(0, slash), limit).stream()
        .filter(entry -> entry.path().equals(name))
        .findFirst();
  }

  private static Artifacts.Entry entry(String folder, Map<?, ?> file) {
    boolean isFolder = Boolean.TRUE.equals(file.get("is_dir"));
    Object size = file.get("file_size");
    return new Artifacts.Entry(
        ArtifactName.below(folder, String.valueOf(file.get("path"))),
        isFolder ? Artifacts.Kind.FOLDER : Artifacts.Kind.FILE,
        size == null || isFolder ? 0 : Long.parseLong(String.valueOf(size)));
  }

  @Override
  public void get(String name, Path to, Duration idle) {
    String what = "fetch the artifact \"" + name + "\"";
    String path = ArtifactName.below(root, ArtifactName.forServer(name));
    Call call =
        new Call(
            what,
            "GET",
            address("artifacts/", path),
            Map.of(),
            new Call.Empty(),
            Call.Identity.CREDENTIAL);
    try {
      AtomicPublish.Published unused =
          AtomicPublish.file(
              to,
              out -> {
                Counted counted = new Counted(out);
                if (!http.receive(call, counted, idle)) {
                  checkSize(call, name, counted.bytes(), idle);
                }
              });
    } catch (ServerException e) {
      // Old servers answer 500 for a file that is not there.
      if (e.status() == 404 || (e.status() == 500 && find(name, idle).isEmpty())) {
        throw new HdlException(
            ErrorCode.NOT_FOUND,
            "Cannot %s: there is none of this name at %s.".formatted(what, http.server()),
            e);
      }
      throw e;
    }
  }

  /** An answer that does not say where it ends may end too early. */
  private void checkSize(Call call, String name, long bytes, Duration limit) {
    long expected = find(name, limit).map(Artifacts.Entry::size).orElse(bytes);
    if (bytes != expected) {
      throw new HdlException(
          ErrorCode.UNAVAILABLE,
          "Cannot %s at %s: the answer ended after %d of %d bytes."
              .formatted(call.what(), http.server(), bytes, expected));
    }
  }

  private URI address(String endpoint, String path) {
    return URI.create(api + endpoint + ArtifactName.encoded(path));
  }
}

package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Files of a Databricks workspace ({@code dbfs:/databricks/mlflow-tracking/...}). The workspace
 * gives a signed address for each file, and the file goes straight to the store behind it
 * (Databricks' MLflow API, {@code artifacts/credentials-for-write} and its like).
 */
final class SignedArtifacts implements ArtifactPlace {
  private static final int MOST_PAGES = 10_000;

  private final Endpoints endpoints;
  private final SignedStore store;
  private final ArtifactOwner owner;
  private final String below;

  private SignedArtifacts(
      Endpoints endpoints, SignedStore store, ArtifactOwner owner, String below) {
    this.endpoints = endpoints;
    this.store = store;
    this.owner = owner;
    this.below = below;
  }

  /** Below the artifacts of a run, or of a logged model. */
  static SignedArtifacts of(Endpoints endpoints, Multipart multipart, URI root) {
    String path = root.getPath() == null ? "" : root.getPath().replaceAll("^/+|/+$", "");
    List<String> parts = Arrays.asList(path.split("/", -1));
    boolean known =
        parts.size() >= 5
            && parts.get(0).equals("databricks")
            && parts.get(1).equals("mlflow-tracking");
    boolean model = known && parts.get(3).equals("logged_models");
    int end = model ? 6 : 5;
    if (!known || parts.size() < end || !parts.get(end - 1).equals("artifacts")) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot reach the artifacts at dbfs:/%s (expected: dbfs:/databricks/mlflow-tracking/EXPERIMENT/RUN/artifacts). Use an experiment with the workspace's own place for artifacts."
              .formatted(path));
    }
    return new SignedArtifacts(
        endpoints,
        new SignedStore(endpoints, multipart),
        model ? new ArtifactOwner.Model(parts.get(4)) : new ArtifactOwner.Run(parts.get(3)),
        String.join("/", parts.subList(end, parts.size())));
  }

  @Override
  public void put(String name, Path file, Duration idle) {
    String what = "send the artifact \"" + name + "\"";
    String path = path(name);
    long bytes = ServedArtifacts.size(what, file);
    store.put(
        new SignedStore.Upload(what, owner, path, file, bytes),
        () -> address(what, ArtifactOwner.Right.WRITE, path, idle),
        idle);
  }

  private SignedStore.Signed address(
      String what, ArtifactOwner.Right right, String path, Duration limit) {
    Map<String, Object> answer =
        endpoints.sendJson("POST", what, owner.endpoint(right), owner.request(path), limit);
    return owner.signed(what, answer);
  }

  @Override
  public List<Artifacts.Entry> list(String folder, Duration limit) {
    String path = path(folder);
    List<Artifacts.Entry> found = new ArrayList<>();
    String token = "";
    for (int i = 0; i < MOST_PAGES; i++) {
      Map<String, Object> page =
          endpoints.getJson(
              "list the artifacts \"" + folder + "\"", owner.listing(path, token), limit);
      for (Object item : (List<?>) page.getOrDefault("files", List.of())) {
        Map<?, ?> file = (Map<?, ?>) item;
        String entry = String.valueOf(file.get("path"));
        boolean isFolder = Boolean.TRUE.equals(file.get("is_dir"));
        if (!isFolder && entry.equals(path)) {
          return List.of(); // asked for a file, it gives that file
        }
        Object size = file.get("file_size");
        found.add(
            new Artifacts.Entry(
                relative(entry),
                isFolder ? Artifacts.Kind.FOLDER : Artifacts.Kind.FILE,
                size == null || isFolder ? 0 : Long.parseLong(String.valueOf(size))));
      }
      token = String.valueOf(page.getOrDefault("next_page_token", ""));
      if (token.isEmpty()) {
        break;
      }
    }
    return found;
  }

  @Override
  public void get(String name, Path to, Duration idle) {
    String what = "fetch the artifact \"" + name + "\"";
    SignedStore.Signed from = address(what, ArtifactOwner.Right.READ, path(name), idle);
    Call call =
        new Call(
            what,
            "GET",
            from.address(),
            from.headers(),
            new Call.Empty(),
            Call.Identity.SIGNED_ADDRESS);
    AtomicPublish.Published unused =
        AtomicPublish.file(
            to,
            out -> {
              boolean framed = endpoints.http().receive(call, out, idle);
              if (!framed) {
                throw new HdlException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot " + what + ": the store's answer does not say where it ends.");
              }
            });
  }

  private String path(String name) {
    return below.isEmpty() || name.isEmpty() ? below + name : below + "/" + name;
  }

  private String relative(String entry) {
    return below.isEmpty() || !entry.startsWith(below + "/")
        ? entry
        : entry.substring(below.length() + 1);
  }
}

package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose artifacts a Databricks workspace gives signed addresses for. */
sealed interface ArtifactOwner {
  /** What an address is good for. */
  enum Right {
    READ,
    WRITE
  }

  /** The endpoint that signs addresses. */
  String endpoint(Right right);

  /** What it is asked for one file. */
  Map<String, Object> request(String path);

  /** The endpoint that lists a folder. */
  String listing(String path, String pageToken);

  /** The address of the first file that an answer holds. */
  SignedStore.Signed signed(String what, Map<String, Object> answer);

  /** A run. */
  record Run(String id) implements ArtifactOwner {
    @Override
    public String endpoint(Right right) {
      return right == Right.READ
          ? "artifacts/credentials-for-read"
          : "artifacts/credentials-for-write";
    }

    @Override
    public Map<String, Object> request(String path) {
      return Map.of("run_id", id, "path", List.of(path));
    }

    @Override
    public String listing(String path, String pageToken) {
      return "artifacts/list?"
          + Endpoints.query("run_id", id)
          + parameter("path", path)
          + parameter("page_token", pageToken);
    }

    @Override
    public SignedStore.Signed signed(String what, Map<String, Object> answer) {
      return ArtifactOwner.credential(what, first(what, answer.get("credential_infos")));
    }
  }

  /** A logged model. */
  record Model(String id) implements ArtifactOwner {
    @Override
    public String endpoint(Right right) {
      return "logged-models/"
          + TrackingServer.encode(id)
          + (right == Right.READ
              ? "/artifacts/credentials-for-download"
              : "/artifacts/credentials-for-upload");
    }

    @Override
    public Map<String, Object> request(String path) {
      return Map.of("paths", List.of(path));
    }

    @Override
    public String listing(String path, String pageToken) {
      return "logged-models/"
          + TrackingServer.encode(id)
          + "/artifacts/directories?"
          + Endpoints.query("artifact_directory_path", path)
          + parameter("page_token", pageToken);
    }

    @Override
    public SignedStore.Signed signed(String what, Map<String, Object> answer) {
      Object info = first(what, answer.get("credentials")).get("credential_info");
      return ArtifactOwner.credential(what, info instanceof Map<?, ?> map ? map : Map.of());
    }
  }

  private static String parameter(String name, String value) {
    return value.isEmpty() ? "" : "&" + Endpoints.query(name, value);
  }

  private static Map<?, ?> first(String what, @Nullable Object list) {
    if (list instanceof List<?> found
        && !found.isEmpty()
        && found.get(0) instanceof Map<?, ?> map) {
      return map;
    }
    throw new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "Cannot "
            + what
            + ": the workspace gave no address for it. See whether the run still exists.");
  }

  /** One signed address as JSON has it: headers are a list of names and values. */
  static SignedStore.Signed credential(String what, Map<?, ?> json) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (json.get("headers") instanceof List<?> list) {
      for (Object item : list) {
        Map<?, ?> header = (Map<?, ?>) item;
        headers.put(String.valueOf(header.get("name")), String.valueOf(header.get("value")));
      }
    }
    return new SignedStore.Signed(
        Multipart.signed(what, String.valueOf(json.get("signed_uri"))),
        String.valueOf(json.get("type")),
        headers);
  }
}

package io.hdl.tracking.client;

import com.google.common.io.ByteSource;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hdl.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a workspace that signs addresses and for the store behind it, as their public
 * documentation says: Databricks' MLflow artifact endpoints, MLflow's {@code mlflow-artifacts/mpu},
 * Azure's Put Blob, Put Block and Put Block List, Data Lake's Path Create and Update, S3's PUT,
 * parts and their completion, GCS's PUT. It proves that the client keeps to these; it proves
 * nothing about the real services.
 */
final class CloudEmulator implements AutoCloseable {
  private static final String SIGNATURE = "sig=s3cr3t-signature";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, byte[]> parts = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final String kind;

  /** A workspace with a store of one kind. */
  CloudEmulator(String kind) throws IOException {
    this.kind = kind;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The content of an object, by its path. */
  byte[] object(String path) {
    byte[] found = objects.get(path);
    if (found == null) {
      throw new AssertionError(path + " is not among " + new TreeSet<>(objects.keySet()));
    }
    return found;
  }

  Set<String> objects() {
    return new TreeSet<>(objects.keySet());
  }

  /** Method and path with its query, without signatures. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Refuses the next request to the store that contains a text, as if its address had expired. */
  void expireOnce(String text) {
    failing.add(text);
  }

  private record Answer(int status, Map<String, String> headers, ByteSource body) {
    static Answer json(Object json) {
      return new Answer(
          200,
          Map.of("Content-Type", "application/json"),
          ByteSource.wrap(Json.write(json).getBytes(StandardCharsets.UTF_8)));
    }

    static Answer of(int status, String text) {
      return new Answer(status, Map.of(), ByteSource.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      URI address = exchange.getRequestURI();
      String what = exchange.getRequestMethod() + " " + address;
      asked.add(what.replaceAll("[?&]" + SIGNATURE, ""));
      boolean store = address.getPath().startsWith("/store/");
      Answer answer = store ? store(exchange, body) : api(exchange, body);
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      long size = answer.body().size();
      exchange.sendResponseHeaders(answer.status(), size == 0 ? -1 : size);
      answer.body().copyTo(exchange.getResponseBody());
    }
  }

  private Map<String, Object> signed(String path) {
    return Map.of(
        "signed_uri",
        uri() + "/store/" + ArtifactName.encoded(path) + "?" + SIGNATURE,
        "type",
        kind,
        "headers",
        List.of(Map.of("name", "x-signed", "value", "yes")));
  }

  private Answer api(HttpExchange exchange, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    Map<String, Object> request = text.isEmpty() ? Map.of() : Json.readObject(text, "a request");
    String path = exchange.getRequestURI().getPath();
    Map<String, String> query = query(exchange.getRequestURI());
    if (path.endsWith("artifacts/credentials-for-write")
        || path.endsWith("artifacts/credentials-for-read")) {
      String file = "runs/" + request.get("run_id") + "/" + items(request, "path").get(0);
      return Answer.json(Map.of("credential_infos", List.of(signed(file))));
    }
    Matcher model =
        Pattern.compile(".*/logged-models/([^/]+)/artifacts/(credentials-for.*|directories)")
            .matcher(path);
    if (model.matches()) {
      String root = "models/" + model.group(1) + "/";
      return model.group(2).equals("directories")
          ? list(root, query.getOrDefault("artifact_directory_path", ""))
          : Answer.json(
              Map.of(
                  "credentials",
                  List.of(
                      Map.of("credential_info", signed(root + items(request, "paths").get(0))))));
    }
    if (path.endsWith("artifacts/list")) {
      return list("runs/" + query.get("run_id") + "/", query.getOrDefault("path", ""));
    }
    if (path.endsWith("artifacts/create-multipart-upload")) {
      String file = "runs/" + request.get("run_id") + "/" + request.get("path");
      return Answer.json(
          Map.of(
              "upload_id",
              "u1",
              "upload_credential_infos",
              targets(file, count(request)).stream()
                  .map(target -> Map.of("signed_uri", target, "type", kind, "headers", List.of()))
                  .toList(),
              "abort_credential_info",
              signed(file)));
    }
    if (path.endsWith("artifacts/complete-multipart-upload")) {
      complete(
          "runs/" + request.get("run_id") + "/" + request.get("path"),
          items(request, "part_etags"));
      return Answer.json(Map.of());
    }
    return mpu(path, request);
  }

  private static List<?> items(Map<String, Object> request, String name) {
    return (List<?>) request.getOrDefault(name, List.of());
  }

  private static int count(Map<String, Object> request) {
    return Integer.parseInt(String.valueOf(request.get("num_parts")));
  }

  private Answer mpu(String path, Map<String, Object> request) {
    Matcher step =
        Pattern.compile("/api/2.0/mlflow-artifacts/mpu/(create|complete|abort)/(.*)").matcher(path);
    if (!step.matches()) {
      return Answer.of(404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"" + path + "\"}");
    }
    String file = step.group(2) + "/" + request.get("path");
    switch (step.group(1)) {
      case "create" -> {
        List<Map<String, Object>> credentials = new ArrayList<>();
        for (String target : targets(file, count(request))) {
          credentials.add(
              Map.of("url", target, "part_number", credentials.size() + 1, "headers", Map.of()));
        }
        return Answer.json(Map.of("upload_id", "u1", "credentials", credentials));
      }
      case "complete" -> complete(file, items(request, "parts"));
      default -> parts.clear();
    }
    return Answer.json(Map.of());
  }

  private List<String> targets(String file, int count) {
    List<String> targets = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      targets.add(
          uri()
              + "/store/"
              + ArtifactName.encoded(file)
              + "?partNumber="
              + i
              + "&uploadId=u1&"
              + SIGNATURE);
    }
    return targets;
  }

  private void complete(String file, List<?> sent) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (Object item : sent) {
      Map<?, ?> part = (Map<?, ?>) item;
      if (!("\"etag-" + part.get("part_number") + "\"").equals(part.get("etag"))) {
        throw new IllegalStateException("no etag: " + part);
      }
      whole.writeBytes(parts.get(file + "#" + part.get("part_number")));
    }
    objects.put(file, whole.toByteArray());
  }

  private Answer list(String root, String folder) {
    String prefix = folder.isEmpty() ? root : root + folder + "/";
    Map<String, Map<String, Object>> files = new TreeMap<>();
    objects.forEach(
        (path, bytes) -> {
          if (path.equals(root + folder)) {
            files.put(folder, Map.of("path", folder, "is_dir", false, "file_size", bytes.length));
          } else if (path.startsWith(prefix)) {
            String rest = path.substring(prefix.length());
            int slash = rest.indexOf('/');
            String below = folder.isEmpty() ? "" : folder + "/";
            String name = below + (slash < 0 ? rest : rest.substring(0, slash));
            files.put(
                name,
                slash < 0
                    ? Map.of("path", name, "is_dir", false, "file_size", bytes.length)
                    : Map.of("path", name, "is_dir", true));
          }
        });
    return Answer.json(Map.of("files", List.copyOf(files.values())));
  }

  private Answer store(HttpExchange exchange, byte[] body) {
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    Map<String, String> parameters = query(exchange.getRequestURI());
    String path = exchange.getRequestURI().getPath().substring("/store/".length());
    if (!query.contains(SIGNATURE)
        || exchange.getRequestHeaders().containsKey("Authorization")
        || failing.removeIf(text -> exchange.getRequestURI().toString().contains(text))) {
      return Answer.of(
          403, "<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code></Error>");
    }
    return switch (exchange.getRequestMethod()) {
      case "GET" -> {
        byte[] found = objects.get(path);
        yield found == null
            ? Answer.of(404, "<?xml version=\"1.0\"?><Error><Code>BlobNotFound</Code></Error>")
            : new Answer(200, Map.of("Content-Type", "text/html"), ByteSource.wrap(found));
      }
      case "DELETE" -> {
        parts.clear();
        yield Answer.of(204, "");
      }
      case "PATCH" -> append(path, parameters, body);
      default -> put(exchange, path, parameters, body);
    };
  }

  private Answer put(
      HttpExchange exchange, String path, Map<String, String> parameters, byte[] body) {
    if (parameters.containsKey("partNumber")) {
      parts.put(path + "#" + parameters.get("partNumber"), body);
      return new Answer(
          200, Map.of("ETag", "\"etag-" + parameters.get("partNumber") + "\""), ByteSource.empty());
    }
    if ("block".equals(parameters.get("comp"))) {
      parts.put(path + "#" + parameters.get("blockid"), body);
    } else if ("blocklist".equals(parameters.get("comp"))) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      Matcher block =
          Pattern.compile("<Uncommitted>([^<]+)</Uncommitted>")
              .matcher(new String(body, StandardCharsets.UTF_8));
      while (block.find()) {
        whole.writeBytes(parts.get(path + "#" + block.group(1)));
      }
      objects.put(path, whole.toByteArray());
    } else if ("file".equals(parameters.get("resource"))) {
      objects.put(path, new byte[0]);
    } else if (kind.equals("AZURE_SAS_URI")
        && !"BlockBlob".equals(exchange.getRequestHeaders().getFirst("x-ms-blob-type"))) {
      return Answer.of(400, "<?xml version=\"1.0\"?><Error><Code>MissingHeader</Code></Error>");
    } else if (!"yes".equals(exchange.getRequestHeaders().getFirst("x-signed"))) {
      return Answer.of(403, "");
    } else {
      objects.put(path, body);
    }
    return Answer.of(201, "");
  }

  private Answer append(String path, Map<String, String> parameters, byte[] body) {
    byte[] before = objects.getOrDefault(path, new byte[0]);
    int position = Integer.parseInt(parameters.get("position"));
    if ("append".equals(parameters.get("action"))) {
      if (position > before.length || body.length == 0) {
        return Answer.of(400, "");
      }
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.write(before, 0, position);
      whole.writeBytes(body);
      objects.put(path, whole.toByteArray());
      return Answer.of(202, "");
    }
    return Answer.of(position == before.length ? 200 : 400, "");
  }

  private static Map<String, String> query(URI address) {
    Map<String, String> found = new LinkedHashMap<>();
    if (address.getRawQuery() != null) {
      for (String pair : address.getRawQuery().split("&", -1)) {
        String[] parts = pair.split("=", 2);
        found.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
            URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

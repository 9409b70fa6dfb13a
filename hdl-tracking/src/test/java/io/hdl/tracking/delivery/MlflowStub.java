package io.hdl.tracking.delivery;

import com.google.common.io.CharStreams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mlflow.api.proto.Service;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/**
 * As much of a tracking server as an outbox needs, in memory: it takes a finite value a second time
 * without keeping it twice, and refuses a whole batch for a NaN that it has, or for another value
 * of a param, as MLflow does.
 */
public final class MlflowStub implements AutoCloseable {
  private static final Pattern TAG = Pattern.compile("tags\\.`([^`]+)` = '([^']+)'");

  private static final Pattern TIMESTAMP = Pattern.compile("\"timestamp\"");

  /** A value that is kept. */
  public record Point(String key, long timestamp, long step, double value) {}

  /** A run that is kept. */
  public static final class Kept {
    public final Set<Point> points = new LinkedHashSet<>();
    public final Map<String, String> params = new HashMap<>();
    public final Map<String, String> tags = new HashMap<>();
    public String status = "RUNNING";
    public String stage = "active";
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Kept> runs = new LinkedHashMap<>();
  private final List<String> batches = new ArrayList<>();
  private boolean keepsPoints = true;
  private long counted;
  private int created;

  static {
    // The server of the JDK would wait 40 ms with each answer.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  public MlflowStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Only counts points from now on, for very many of them. */
  public synchronized void onlyCount() {
    keepsPoints = false;
  }

  public synchronized long counted() {
    return counted;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The runs that are there, by id. */
  public synchronized Map<String, Kept> runs() {
    return Map.copyOf(runs);
  }

  /** The run that carries a tag. */
  public synchronized Optional<Kept> run(String key, String value) {
    return runs.values().stream().filter(run -> value.equals(run.tags.get(key))).findFirst();
  }

  /** Sizes of the batches that came in, each with its first step. */
  public synchronized List<String> batches() {
    return List.copyOf(batches);
  }

  /** How often a run was created. */
  public synchronized int created() {
    return created;
  }

  /** Forgets all runs. */
  public synchronized void forget() {
    runs.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String answer;
      int status = 200;
      try (Reader body = new InputStreamReader(exchange.getRequestBody(), StandardCharsets.UTF_8)) {
        answer = answer(path, exchange.getRequestURI().getQuery(), body);
      } catch (Refused e) {
        status = e.status;
        answer = String.valueOf(e.getMessage());
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String code, String why) {
      super("{\"error_code\":\"" + code + "\",\"message\":\"" + why + "\"}");
      this.status = status;
    }
  }

  private synchronized String answer(String path, String query, Reader body) throws IOException {
    String call = path.substring(path.indexOf("mlflow/") + 7);
    if (!keepsPoints && call.equals("runs/log-batch")) {
      counted += TIMESTAMP.matcher(CharStreams.toString(body)).results().count();
      return "{}";
    }
    return switch (call) {
      case "experiments/get-by-name" ->
          "{\"experiment\":{\"experiment_id\":\"1\",\"lifecycle_stage\":\"active\"}}";
      case "runs/search" -> search(parse(body, Service.SearchRuns.newBuilder()).build());
      case "runs/create" -> create(parse(body, Service.CreateRun.newBuilder()).build());
      case "runs/get" -> run(query.substring(query.indexOf('=') + 1));
      case "runs/restore" -> {
        String id = parse(body, Service.RestoreRun.newBuilder()).getRunId();
        known(id).stage = "active";
        yield "{}";
      }
      case "runs/update" -> {
        Service.UpdateRun update = parse(body, Service.UpdateRun.newBuilder()).build();
        active(update.getRunId()).status = update.getStatus().name();
        yield "{}";
      }
      case "runs/log-batch" -> logBatch(parse(body, Service.LogBatch.newBuilder()).build());
      default -> "{}";
    };
  }

  private static <B extends Message.Builder> B parse(Reader body, B builder) throws IOException {
    JsonFormat.parser().ignoringUnknownFields().merge(body, builder);
    return builder;
  }

  private String search(Service.SearchRuns search) {
    Matcher filter = TAG.matcher(search.getFilter());
    if (!filter.find()) {
      return "{}";
    }
    for (Map.Entry<String, Kept> run : runs.entrySet()) {
      boolean wanted =
          switch (search.getRunViewType()) {
            case ALL -> true;
            case DELETED_ONLY -> run.getValue().stage.equals("deleted");
            default -> run.getValue().stage.equals("active");
          };
      if (wanted && filter.group(2).equals(run.getValue().tags.get(filter.group(1)))) {
        return "{\"runs\":[" + json(run.getKey(), run.getValue()) + "]}";
      }
    }
    return "{}";
  }

  private String create(Service.CreateRun create) {
    String id = String.format("%032x", ++created);
    Kept run = new Kept();
    create.getTagsList().forEach(tag -> run.tags.put(tag.getKey(), tag.getValue()));
    runs.put(id, run);
    return "{\"run\":" + json(id, run) + "}";
  }

  private String run(String id) {
    return "{\"run\":" + json(id, known(id)) + "}";
  }

  private static String json(String id, Kept run) {
    return "{\"info\":{\"run_id\":\"%s\",\"experiment_id\":\"1\",\"status\":\"%s\",\"lifecycle_stage\":\"%s\",\"artifact_uri\":\"mlflow-artifacts:/1/%s\"}}"
        .formatted(id, run.status, run.stage, id);
  }

  private Kept known(String id) {
    Kept run = runs.get(id);
    if (run == null) {
      throw new Refused(404, "RESOURCE_DOES_NOT_EXIST", "Run with id=" + id + " not found");
    }
    return run;
  }

  private Kept active(String id) {
    Kept run = known(id);
    if (!run.stage.equals("active")) {
      throw new Refused(
          400,
          "INVALID_PARAMETER_VALUE",
          "The run " + id + " must be in the 'active' state. Current state is deleted.");
    }
    return run;
  }

  private String logBatch(Service.LogBatch batch) {
    Kept run = active(batch.getRunId());
    batches.add(
        batch.getMetricsCount()
            + "@"
            + (batch.getMetricsCount() == 0 ? "" : batch.getMetrics(0).getStep()));
    List<Point> points = new ArrayList<>();
    for (Service.Metric metric : batch.getMetricsList()) {
      Point point =
          new Point(metric.getKey(), metric.getTimestamp(), metric.getStep(), metric.getValue());
      if (Double.isNaN(point.value()) && run.points.contains(point)) {
        throw new Refused(400, "BAD_REQUEST", "UNIQUE constraint failed: metrics.key");
      }
      if (point.key().equals("refused")) {
        throw new Refused(400, "INVALID_PARAMETER_VALUE", "this metric is refused");
      }
      points.add(point);
    }
    for (Service.Param param : batch.getParamsList()) {
      String known = run.params.get(param.getKey());
      if (known != null && !known.equals(param.getValue())) {
        throw new Refused(
            400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed. Param exists");
      }
    }
    batch.getParamsList().forEach(param -> run.params.put(param.getKey(), param.getValue()));
    batch.getTagsList().forEach(tag -> run.tags.put(tag.getKey(), tag.getValue()));
    run.points.addAll(points);
    return "{}";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/** The calls that tracking needs, one method each. Thread-safe. */
final class RestApi implements AutoCloseable {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private final Http http;

  RestApi(Http http) {
    this.http = http;
  }

  Http http() {
    return http;
  }

  /** The experiment with a name, active or deleted, if there is one. */
  Optional<Service.Experiment> experiment(String name, Duration limit) {
    try {
      String json =
          http.get(
              "look up the experiment \"" + name + "\"",
              "experiments/get-by-name?experiment_name="
                  + URLEncoder.encode(name, StandardCharsets.UTF_8),
              limit);
      return Optional.of(
          parse(json, Service.GetExperimentByName.Response.newBuilder()).getExperiment());
    } catch (ServerException e) {
      if (e.mlflowCode().equals("RESOURCE_DOES_NOT_EXIST")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Creates an experiment; empty if one of this name exists already. */
  Optional<String> createExperiment(String name, Duration limit) {
    Service.CreateExperiment request = Service.CreateExperiment.newBuilder().setName(name).build();
    try {
      String json =
          http.post(
              "create the experiment \"" + name + "\"",
              "experiments/create",
              print(request),
              limit);
      return Optional.of(
          parse(json, Service.CreateExperiment.Response.newBuilder()).getExperimentId());
    } catch (ServerException e) {
      if (e.mlflowCode().equals("RESOURCE_ALREADY_EXISTS")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A run by its id, if there is one. */
  Optional<Service.Run> run(String runId, Duration limit) {
    try {
      String json =
          http.get(
              "look up the run " + runId,
              "runs/get?run_id=" + URLEncoder.encode(runId, StandardCharsets.UTF_8),
              limit);
      return Optional.of(parse(json, Service.GetRun.Response.newBuilder()).getRun());
    } catch (ServerException e) {
      if (e.mlflowCode().equals("RESOURCE_DOES_NOT_EXIST")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The active run of an experiment that carries a tag, if there is one. */
  Optional<Service.Run> runWithTag(String experimentId, String key, String value, Duration limit) {
    Service.SearchRuns request =
        Service.SearchRuns.newBuilder()
            .addExperimentIds(experimentId)
            .setFilter("tags.`" + key + "` = '" + value + "'")
            .setRunViewType(Service.ViewType.ACTIVE_ONLY)
            .setMaxResults(1)
            .build();
    String json = http.post("search runs", "runs/search", print(request), limit);
    List<Service.Run> found = parse(json, Service.SearchRuns.Response.newBuilder()).getRunsList();
    return found.stream().findFirst();
  }

  /** Creates a run; a second call creates a second one. */
  Service.Run createRun(
      String experimentId,
      String name,
      String user,
      long start,
      Map<String, String> tags,
      Duration limit) {
    Service.CreateRun.Builder request =
        Service.CreateRun.newBuilder()
            .setExperimentId(experimentId)
            .setRunName(name)
            .setUserId(user)
            .setStartTime(start);
    tags.forEach(
        (key, value) -> request.addTags(Service.RunTag.newBuilder().setKey(key).setValue(value)));
    String json = http.post("create the run", "runs/create", print(request.build()), limit);
    return parse(json, Service.CreateRun.Response.newBuilder()).getRun();
  }

  /** Sets a run's state; an end of 0 takes the end away. */
  void updateRun(String runId, Service.RunStatus status, long end, Duration limit) {
    Service.UpdateRun.Builder request =
        Service.UpdateRun.newBuilder().setRunId(runId).setStatus(status);
    if (end != 0) {
      request.setEndTime(end);
    }
    http.post("update the run " + runId, "runs/update", print(request.build()), limit);
  }

  /** Sends a batch that {@link #print} made. */
  void logBatch(String runId, String json, Duration limit) {
    http.post("log to the run " + runId, "runs/log-batch", json, limit);
  }

  void logInputs(Service.LogInputs request, Duration limit) {
    http.post(
        "log the inputs of the run " + request.getRunId(),
        "runs/log-inputs",
        print(request),
        limit);
  }

  static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new HdlException(
          ErrorCode.INTERNAL, "Cannot write a " + message.getClass().getName() + " as JSON", e);
    }
  }

  private <B extends Message.Builder> B parse(String json, B builder) {
    try {
      PARSER.merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "The answer of %s is not MLflow's (%s). Check that MLFLOW_TRACKING_URI is the address of an MLflow server, with the path under which it is served."
              .formatted(http.server(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}

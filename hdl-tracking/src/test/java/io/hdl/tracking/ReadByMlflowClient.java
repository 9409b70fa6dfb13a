package io.hdl.tracking;

import io.hdl.core.json.Json;
import io.hdl.tracking.StoredRun.Dataset;
import io.hdl.tracking.StoredRun.Point;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** Reads a run from a server with mlflow-client, the cross-check of our own client. */
final class ReadByMlflowClient implements AutoCloseable {
  private final String server;
  private final MlflowClient client;

  ReadByMlflowClient(String server) {
    this.server = server;
    this.client = new MlflowClient(server);
  }

  StoredRun read(String runId) throws IOException, InterruptedException {
    Service.Run run = client.getRun(runId);
    Map<String, List<Point>> metrics = new HashMap<>();
    for (Service.Metric latest : run.getData().getMetricsList()) {
      metrics.put(
          latest.getKey(),
          client.getMetricHistory(runId, latest.getKey()).stream()
              .map(metric -> new Point(metric.getValue(), metric.getStep()))
              .sorted(Comparator.comparingLong(Point::step))
              .toList());
    }
    Set<Dataset> inputs = new HashSet<>();
    for (Service.DatasetInput input : run.getInputs().getDatasetInputsList()) {
      Service.Dataset dataset = input.getDataset();
      inputs.add(
          new Dataset(
              dataset.getName(),
              dataset.getDigest(),
              dataset.getSourceType(),
              dataset.getSource(),
              input.getTags(0).getValue()));
    }
    Map<String, String> artifacts = new HashMap<>();
    readArtifacts(URI.create(run.getInfo().getArtifactUri()).getPath().substring(1), "", artifacts);
    return new StoredRun(
        client.getExperiment(run.getInfo().getExperimentId()).getName(),
        run.getInfo().getStatus().name(),
        run.getData().getParamsList().stream()
            .collect(Collectors.toMap(Service.Param::getKey, Service.Param::getValue)),
        run.getData().getTagsList().stream()
            .collect(Collectors.toMap(Service.RunTag::getKey, Service.RunTag::getValue)),
        metrics,
        inputs,
        artifacts);
  }

  /** Over http: the client's own way to artifacts needs Python. */
  private void readArtifacts(String root, String folder, Map<String, String> into)
      throws IOException, InterruptedException {
    String address = server + "/api/2.0/mlflow-artifacts/artifacts";
    String listing =
        get(address + "?path=" + encoded((root + "/" + folder).replaceFirst("/$", "")));
    Object files = Json.readObject(listing, "a list of artifacts").getOrDefault("files", List.of());
    for (Object entry : (List<?>) files) {
      Map<?, ?> file = (Map<?, ?>) entry;
      String path = (folder.isEmpty() ? "" : folder + "/") + file.get("path");
      if (Boolean.TRUE.equals(file.get("is_dir"))) {
        readArtifacts(root, path, into);
      } else {
        into.put(path, get(address + "/" + encoded(root + "/" + path)));
      }
    }
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  private static String get(String address) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(address + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  @Override
  public void close() {
    client.close();
  }
}

package io.hdl.tracking.delivery;

import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.client.LoggedModel;
import io.hdl.tracking.client.LoggedModels;
import io.hdl.tracking.client.Registry;
import io.hdl.tracking.client.ServerException;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service;

/**
 * Brings a run's models to a server: the files, the version of a registered model, its aliases, in
 * this order. Each step looks first whether it was done before, so that a delivery that broke off
 * is done again without making anything twice. Belongs to one thread.
 *
 * <p>A server with logged models (MLflow 3) keeps the files with such a model, which the run names
 * as its output; an older one keeps them among the run's artifacts.
 */
final class ModelDelivery {
  /** The tag by which a logged model and a version are found again: run and name of the model. */
  static final String KEY_TAG = "hdl.model.key";

  /** The tag of a version that tells when its model was made: milliseconds since 1970. */
  static final String MADE_TAG = "hdl.model.made";

  private static final String DESCRIPTION = "MLmodel";
  private static final String LOGGED = "models:/";

  private final TrackingClient client;
  private final Consumer<String> warning;

  /**
   * Delivers to a server.
   *
   * @param warning takes a text for each alias that stays where it is
   */
  ModelDelivery(TrackingClient client, Consumer<String> warning) {
    this.client = client;
    this.warning = warning;
  }

  /**
   * Brings the files of a model.
   *
   * @param run the run at the server
   * @param runKey what tells the run from all others
   * @param limit the time that each request may take
   * @return where they lie, as a registry is told
   */
  String deliverFiles(Service.RunInfo run, String runKey, Item.Model model, Duration limit) {
    if (client.capabilities(limit).loggedModels()) {
      return LOGGED + logged(run, key(runKey, model), model, limit).id();
    }
    Map<String, String> known = new LinkedHashMap<>();
    known.put("artifact_path", model.name());
    known.put("run_id", run.getRunId());
    upload(run.getArtifactUri(), model.name(), model.folder(), known, limit);
    return run.getArtifactUri() + "/" + model.name();
  }

  private static String key(String runKey, Item.Model model) {
    return quotable(runKey + "/" + model.name());
  }

  /** The logged model with all its files, named as an output of its run. */
  private LoggedModel logged(Service.RunInfo run, String key, Item.Model model, Duration limit) {
    LoggedModels models = client.loggedModels();
    String experiment = run.getExperimentId();
    List<LoggedModel> found =
        models.search(List.of(experiment), "tags.`%s` = '%s'".formatted(KEY_TAG, key), limit);
    LoggedModel one =
        found.isEmpty()
            ? models.create(
                new LoggedModels.NewModel(
                    experiment,
                    name(model.name()),
                    Optional.of(run.getRunId()),
                    Map.of(),
                    Map.of(KEY_TAG, key)),
                limit)
            : found.get(0);
    if (!one.status().equals("LOGGED_MODEL_READY")) {
      Map<String, String> known = new LinkedHashMap<>();
      known.put("artifact_path", one.artifactUri());
      known.put("model_id", one.id());
      known.put("run_id", run.getRunId());
      upload(one.artifactUri(), "", model.folder(), known, limit);
      models.logOutput(run.getRunId(), one.id(), 0, limit);
      one = models.finish(one.id(), LoggedModels.Result.READY, limit);
    }
    return one;
  }

  /** Sends the folder, the description last: what has one is whole. */
  private void upload(
      String root, String name, Path folder, Map<String, String> known, Duration limit) {
    client.artifacts(root).upload(name, folder, limit);
    Path described = described(folder.resolve(DESCRIPTION), known);
    try {
      client
          .artifacts(root)
          .upload(name.isEmpty() ? DESCRIPTION : name + "/" + DESCRIPTION, described, limit);
    } finally {
      discard(described);
    }
  }

  /** A copy of the description with what only the server knew. */
  private static Path described(Path file, Map<String, String> known) {
    try {
      StringBuilder text = new StringBuilder(Files.readString(file));
      known.forEach(
          (key, value) -> {
            if (text.indexOf("\n" + key + ":") < 0) {
              text.append(key).append(": '").append(value.replace("'", "''")).append("'\n");
            }
          });
      Path copy = Files.createTempFile("hdl-", "-" + DESCRIPTION);
      Files.writeString(copy, text);
      return copy;
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  /**
   * Makes a version of a registered model, with its aliases.
   *
   * @param source what {@link #deliverFiles} gave
   */
  void register(
      Service.RunInfo run, String runKey, Item.Model model, String source, Duration limit) {
    Item.Registration wanted = model.registration().orElseThrow();
    String key = key(runKey, model);
    Optional<String> modelId =
        Optional.of(source)
            .filter(address -> address.startsWith(LOGGED))
            .map(address -> address.substring(LOGGED.length()));
    Registry registry = client.registry();
    Optional<ModelVersion> before = version(run.getRunId(), key, wanted.model(), limit);
    ModelVersion version;
    if (before.isPresent()) {
      version = before.get();
    } else {
      boolean unused = registry.create(wanted.model(), "", Map.of(), limit);
      Map<String, String> tags = new LinkedHashMap<>(wanted.tags());
      tags.put(KEY_TAG, key);
      version =
          registry.createVersion(
              new Registry.NewVersion(
                  wanted.model(), source, Optional.of(run.getRunId()), modelId, "", tags),
              limit);
    }
    for (String alias : wanted.aliases()) {
      alias(wanted, alias, version.getVersion(), limit);
    }
  }

  private Optional<ModelVersion> version(String runId, String key, String name, Duration limit) {
    return client.registry().search("run_id = '" + runId + "'", limit).stream()
        .filter(version -> version.getName().equals(name))
        .filter(version -> tag(version, KEY_TAG).equals(Optional.of(key)))
        .findFirst();
  }

  /** An alias moves to a version unless it stands for one of a model that was made later. */
  private void alias(Item.Registration wanted, String alias, String version, Duration limit) {
    Registry registry = client.registry();
    try {
      Optional<ModelVersion> holder = registry.byAlias(wanted.model(), alias, limit);
      if (holder.isPresent()) {
        ModelVersion other = holder.get();
        long made = number(Optional.ofNullable(wanted.tags().get(MADE_TAG)));
        if (other.getVersion().equals(version)) {
          return;
        }
        if (number(tag(other, MADE_TAG)) > made) {
          warning.accept(
              "The alias \"%s\" of the registered model \"%s\" stays with version %s, whose model was made later than version %s's."
                  .formatted(alias, wanted.model(), other.getVersion(), version));
          return;
        }
      }
      registry.setAlias(wanted.model(), alias, version, limit);
    } catch (ServerException e) {
      boolean hasNone = e.status() == 404 && e.mlflowCode().isEmpty();
      if (!hasNone) {
        throw e;
      }
      warning.accept(
          "Version %s of the registered model \"%s\" got no alias \"%s\": the server has no aliases (MLflow 2.3 does). Set its stage there."
              .formatted(version, wanted.model(), alias));
    }
  }

  private static Optional<String> tag(ModelVersion version, String key) {
    return version.getTagsList().stream()
        .filter(tag -> tag.getKey().equals(key))
        .map(tag -> tag.getValue())
        .findFirst();
  }

  private static long number(Optional<String> text) {
    return text.filter(digits -> digits.matches("\\d{1,18}")).map(Long::parseLong).orElse(0L);
  }

  /** Searches end a text at a single quote. */
  private static String quotable(String key) {
    return key.replace('\'', '_');
  }

  /** A logged model's name has no slash, colon, dot, percent sign or quote. */
  private static String name(String path) {
    return path.replaceAll("[/:.%\"']", "-");
  }
}

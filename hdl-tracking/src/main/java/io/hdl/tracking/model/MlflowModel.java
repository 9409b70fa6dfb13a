package io.hdl.tracking.model;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A saved model as a directory that {@code mlflow.pyfunc.load_model} takes.
 *
 * <pre>{@code
 * forecaster.save(saved);
 * MlflowModel.of(saved, forecaster.pythonLoader(code)).write(folder);
 * }</pre>
 *
 * <p>The directory holds {@code MLmodel} with the signature, the saved model below {@code data},
 * its Python code below {@code code}, what to install ({@code requirements.txt}, {@code
 * conda.yaml}, {@code python_env.yaml}) and, if there is one, an example of its input. It is the
 * same for a directory, a run's artifacts and a registered model, and needs nothing of hdl. A
 * program in Java loads the model from the folder {@code data}.
 *
 * <p>Source: MLflow's documentation, "MLflow Models", storage format. Immutable and thread-safe.
 */
@CheckReturnValue
public final class MlflowModel {
  /** Name of the file that describes the model. */
  public static final String DESCRIPTION = "MLmodel";

  /** Name of the folder with the saved model. */
  public static final String DATA = "data";

  static final String CODE = "code";
  static final String EXAMPLE = "input_example.json";

  /** The release whose format this is; older ones from 2.9 on and newer ones read it. */
  private static final String FORMAT = "2.17.2";

  private static final DateTimeFormatter CREATED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private final Path saved;
  private final PythonLoader loader;
  private final String uuid;
  private final Instant created;
  private final Map<String, String> metadata;
  private final Optional<String> run;

  private MlflowModel(
      Path saved,
      PythonLoader loader,
      String uuid,
      Instant created,
      Map<String, String> metadata,
      Optional<String> run) {
    this.saved = saved;
    this.loader = loader;
    this.uuid = uuid;
    this.created = created;
    this.metadata = metadata;
    this.run = run;
  }

  /**
   * A model with an id of its own, created now.
   *
   * @param saved folder of the saved model
   * @param loader how Python loads it
   */
  public static MlflowModel of(Path saved, PythonLoader loader) {
    return new MlflowModel(
        saved,
        loader,
        UUID.randomUUID().toString().replace("-", ""),
        Instant.now(),
        Map.of(),
        Optional.empty());
  }

  /** The same model, created at a time. */
  public MlflowModel created(Instant time) {
    return new MlflowModel(saved, loader, uuid, time, metadata, run);
  }

  /** The same model with facts about it, such as the table that it was trained on. */
  public MlflowModel metadata(Map<String, String> facts) {
    return new MlflowModel(saved, loader, uuid, created, new LinkedHashMap<>(facts), run);
  }

  /** The same model with MLflow's id of the run that made it, where that is known already. */
  public MlflowModel run(String id) {
    return new MlflowModel(saved, loader, uuid, created, metadata, Optional.of(id));
  }

  /**
   * Writes the directory, replacing one that lies there.
   *
   * @throws HdlException with {@code NOT_FOUND} if the saved model or its code is missing, or if
   *     the directory cannot be written
   */
  public void write(Path folder) {
    require("the saved model", saved);
    require("the model's Python code", loader.code());
    AtomicPublish.folder(
        folder,
        inside -> {
          ModelFiles.copy(saved, inside.resolve(DATA));
          ModelFiles.copy(loader.code(), inside.resolve(CODE));
          Environment.write(loader, inside);
          if (!loader.example().isEmpty()) {
            AtomicPublish.text(inside.resolve(EXAMPLE), Signature.example(loader));
          }
          long bytes = ModelFiles.bytes(inside);
          AtomicPublish.text(inside.resolve(DESCRIPTION), ModelYaml.write(description(bytes)));
        });
  }

  private static void require(String what, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot write a model directory: "
              + what
              + " is not at "
              + folder
              + ". Save it there first.");
    }
  }

  private Map<String, Object> description(long bytes) throws IOException {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("flavors", flavors());
    if (!metadata.isEmpty()) {
      description.put("metadata", metadata);
    }
    description.put("mlflow_version", FORMAT);
    description.put("model_size_bytes", bytes);
    description.put("model_uuid", uuid);
    run.ifPresent(id -> description.put("run_id", id));
    if (!loader.example().isEmpty()) {
      description.put(
          "saved_input_example_info",
          Map.of("artifact_path", EXAMPLE, "pandas_orient", "split", "type", "dataframe"));
    }
    description.put("signature", Signature.of(loader));
    description.put("utc_time_created", CREATED.format(created));
    return description;
  }

  private Map<String, Object> flavors() {
    Map<String, Object> flavor = new LinkedHashMap<>();
    flavor.put("code", CODE);
    flavor.put("data", DATA);
    flavor.put("env", Map.of("conda", Environment.CONDA, "virtualenv", Environment.VIRTUALENV));
    flavor.put("loader_module", loader.module());
    flavor.put("python_version", loader.pythonVersion());
    return Map.of("python_function", flavor);
  }

  /**
   * What MLflow keeps in the tag {@code mlflow.log-model.history} of a run, by which its page shows
   * the model.
   *
   * @param artifact path of the directory below the run's artifacts
   */
  public String history(String artifact) {
    Map<String, Object> model = new LinkedHashMap<>();
    run.ifPresent(id -> model.put("run_id", id));
    model.put("artifact_path", artifact);
    model.put("utc_time_created", CREATED.format(created));
    model.put("flavors", flavors());
    model.put("model_uuid", uuid);
    model.put("mlflow_version", FORMAT);
    return Json.write(List.of(model));
  }
}

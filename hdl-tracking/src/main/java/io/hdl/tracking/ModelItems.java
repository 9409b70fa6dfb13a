package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.tracking.model.MlflowModel;
import io.hdl.tracking.outbox.Item;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What becomes of a model in MLflow: the directory that MLflow loads, where Python can load it, and
 * a version of a registered model, where one was asked for and the gate allows it.
 */
final class ModelItems {
  private static final String HISTORY = "mlflow.log-model.history";
  private static final String REGISTRATION = "hdl.registration";

  /** When the model was made, by which a late delivery knows that it is late. */
  private static final String MADE = "hdl.model.made";

  private final JobContext context;
  private final Optional<Registering> asked;
  private final Optional<String> directoryRun;
  private final Path folder;
  private final Consumer<String> warning;

  /**
   * The models of a run.
   *
   * @param asked the registered model and its aliases, if models are to be registered
   * @param directoryRun the run's id if it is kept in a directory, which has no registry
   * @param folder where the directories that MLflow loads are written
   * @param warning takes what people should know
   */
  ModelItems(
      JobContext context,
      Optional<Registering> asked,
      Optional<String> directoryRun,
      Path folder,
      Consumer<String> warning) {
    this.context = context;
    this.asked = asked;
    this.directoryRun = directoryRun;
    this.folder = folder;
    this.warning = warning;
  }

  /** The items of a model. */
  List<Item> of(TrackedModel model) {
    Map<String, String> tags = new LinkedHashMap<>();
    Optional<Path> written =
        model.loader().flatMap(loader -> written(model, loader, facts(model.gate()), tags));
    Optional<Item.Registration> registration = Optional.empty();
    if (asked.isPresent()) {
      Optional<String> obstacle = obstacle(model, written.isPresent());
      if (obstacle.isPresent()) {
        String text =
            "The model is not registered as \"%s\": %s"
                .formatted(asked.get().model(), obstacle.get());
        tags.put(REGISTRATION, text);
        context.notice(text);
      } else {
        registration = Optional.of(registration(asked.get(), model.gate()));
      }
    }
    List<Item> items = new ArrayList<>();
    String name = model.artifact().name();
    Optional<Item.Registration> wanted = registration;
    items.add(
        written
            .<Item>map(directory -> new Item.Model(name, directory, wanted))
            .orElseGet(() -> new Item.Upload(name, model.artifact().file())));
    tags.put("hdl.model.path", written.isPresent() ? name + "/" + MlflowModel.DATA : name);
    tags.putAll(RunItems.gateTags(model.gate()));
    tags.forEach((key, value) -> items.add(new Item.Tag(key, value)));
    return items;
  }

  /** The directory, and the tag by which MLflow's page shows it; none if it cannot be written. */
  private Optional<Path> written(
      TrackedModel model,
      PythonLoader loader,
      Map<String, String> facts,
      Map<String, String> tags) {
    Path target = folder.resolve(model.artifact().name());
    MlflowModel directory =
        MlflowModel.of(model.artifact().file(), loader)
            .created(context.clock().instant())
            .metadata(facts);
    directory = directoryRun.map(directory::run).orElse(directory);
    try {
      directory.write(target);
    } catch (HdlException e) {
      warning.accept("The model is kept without what MLflow loads it by. " + e.getMessage());
      return Optional.empty();
    }
    tags.put(HISTORY, directory.history(model.artifact().name()));
    return Optional.of(target);
  }

  private Optional<String> obstacle(TrackedModel model, boolean loads) {
    GateDecision gate = model.gate();
    if (gate.verdict() != GateDecision.Verdict.PASSED) {
      return Optional.of(
          "its quality gate says %s. %s"
              .formatted(gate.verdict(), String.join(" ", gate.reasons()))
              .strip());
    }
    if (!loads) {
      return Optional.of("MLflow cannot load it.");
    }
    return directoryRun.map(
        run -> "a directory of runs has no registry. Track at a server, or register it there.");
  }

  private Item.Registration registration(Registering wanted, GateDecision gate) {
    Map<String, String> tags = new LinkedHashMap<>(facts(gate));
    tags.put(MADE, Long.toString(context.clock().millis()));
    return new Item.Registration(wanted.model(), wanted.aliases(), tags);
  }

  private Map<String, String> facts(GateDecision gate) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("hdl.job", context.directory().job());
    facts.put("hdl.run", context.directory().runId());
    facts.put("hdl.gate", gate.verdict().name());
    Optional<DataProvenance> data = context.record().provenance().data();
    data.ifPresent(
        table -> {
          facts.put("hdl.table", table.uri());
          facts.put("hdl.table.version", Long.toString(table.version()));
        });
    return facts;
  }
}
